CodeSystem: FpNeedType
Id: fp-need-type
Title: "Behov som meldes"
Description: "Hva det er meldt behov for til koordinerende enhet."
* insert Head
* insert TitleIn([["Behov som blir meldt"]], [["Need that is reported"]])
* insert DescriptionIn([["Kva det er meldt behov for til koordinerande eining."]], [["What the coordinating unit is told that someone needs."]])
* ^caseSensitive = true
* ^experimental = false
* ^valueSet = "https://fellesplan.example/fhir/ValueSet/fp-need-type"
* ^content = #complete
* #koordinator "Koordinator"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Koordinator"
  * ^designation[1].language = #en
  * ^designation[1].value = "Coordinator"
* #individuell-plan "Individuell plan"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Individuell plan"
  * ^designation[1].language = #en
  * ^designation[1].value = "Individual plan"
* #oppfolgingsteam "Oppfølgingsteam"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Oppfølgingsteam"
  * ^designation[1].language = #en
  * ^designation[1].value = "Care team"
