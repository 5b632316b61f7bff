CodeSystem: FpPsfsChange
Id: fp-psfs-change
Title: "Endring i PSFS"
Description: "Endring i PSFS-gjennomsnitt fra forrige samtale; 2 poeng eller mer er en tydelig endring."
* insert Head
* insert TitleIn([["Endring i PSFS"]], [["Change in PSFS"]])
* insert DescriptionIn([["Endring i PSFS-gjennomsnitt frå førre samtale; 2 poeng eller meir er ei tydeleg endring."]], [["Change of the PSFS mean since the previous conversation; 2 points or more is a clear change."]])
* ^caseSensitive = true
* ^experimental = false
* ^valueSet = "https://fellesplan.example/fhir/ValueSet/fp-psfs-change"
* ^content = #complete
* #clear-improvement "Tydelig bedring"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Tydeleg betring"
  * ^designation[1].language = #en
  * ^designation[1].value = "Clear improvement"
* #no-clear-change "Ingen tydelig endring"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Inga tydeleg endring"
  * ^designation[1].language = #en
  * ^designation[1].value = "No clear change"
* #clear-worsening "Tydelig forverring"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Tydeleg forverring"
  * ^designation[1].language = #en
  * ^designation[1].value = "Clear worsening"
