CodeSystem: FpConsentPurpose
Id: fp-consent-purpose
Title: "Formål med samtykke"
Description: "Hva samtykket gjelder."
* insert Head
* insert TitleIn([["Føremål med samtykke"]], [["Purpose of consent"]])
* insert DescriptionIn([["Kva samtykket gjeld."]], [["What the consent is for."]])
* ^caseSensitive = true
* ^experimental = false
* ^valueSet = "https://fellesplan.example/fhir/ValueSet/fp-consent-purpose"
* ^content = #complete
* #plan "At det lages en plan"
  * ^designation[0].language = #nn
  * ^designation[0].value = "At det blir laga ein plan"
  * ^designation[1].language = #en
  * ^designation[1].value = "That a plan is made"
* #innsyn "At navngitte tjenester får se planen"
  * ^designation[0].language = #nn
  * ^designation[0].value = "At namngjevne tenester får sjå planen"
  * ^designation[1].language = #en
  * ^designation[1].value = "That named services may see the plan"
