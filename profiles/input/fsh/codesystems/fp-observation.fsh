CodeSystem: FpObservation
Id: fp-observation
Title: "Observasjoner"
Description: "Observasjoner som ikke har en kode i et nasjonalt eller internasjonalt kodeverk."
* insert Head
* insert TitleIn([["Observasjonar"]], [["Observations"]])
* insert DescriptionIn([["Observasjonar som ikkje har ein kode i eit nasjonalt eller internasjonalt kodeverk."]], [["Observations without a code in a national or international code system."]])
* ^caseSensitive = true
* ^experimental = false
* ^valueSet = "https://fellesplan.example/fhir/ValueSet/fp-observation"
* ^content = #complete
* #what-matters "Hva er viktig for deg?"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Kva er viktig for deg?"
  * ^designation[1].language = #en
  * ^designation[1].value = "What matters to you?"
