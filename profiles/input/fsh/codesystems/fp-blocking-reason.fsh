CodeSystem: FpBlockingReason
Id: fp-blocking-reason
Title: "Grunn til sperring"
Description: "Hvorfor innsyn er sperret for noen."
* insert Head
* insert TitleIn([["Grunn til sperring"]], [["Reason for blocking"]])
* insert DescriptionIn([["Kvifor innsyn er sperra for nokon."]], [["Why access is blocked for someone."]])
* ^caseSensitive = true
* ^experimental = false
* ^valueSet = "https://fellesplan.example/fhir/ValueSet/fp-blocking-reason"
* ^content = #complete
* #pasientens-onske "Pasientens ønske"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Ønsket til pasienten"
  * ^designation[1].language = #en
  * ^designation[1].value = "The patient's wish"
* #foresattes-onske "Foresattes ønske"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Ønsket til dei føresette"
  * ^designation[1].language = #en
  * ^designation[1].value = "The parents' wish"
* #ungdommens-onske "Ungdommens ønske"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Ønsket til ungdommen"
  * ^designation[1].language = #en
  * ^designation[1].value = "The young person's wish"
