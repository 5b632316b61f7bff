CodeSystem: FpCfsLevel
Id: fp-cfs-level
Title: "Nivå på Clinical Frailty Scale"
Description: "Nivå 1–9 med korte navn. De fulle beskrivelsene tilhører Dalhousie University og er ikke med."
* insert Head
* insert TitleIn([["Nivå på Clinical Frailty Scale"]], [["Level of the Clinical Frailty Scale"]])
* insert DescriptionIn([["Nivå 1–9 med korte namn. Dei fulle omtalane høyrer til Dalhousie University og er ikkje med."]], [["Levels 1–9 with short names. The full descriptions belong to Dalhousie University and are not included."]])
* ^caseSensitive = true
* ^experimental = false
* ^valueSet = "https://fellesplan.example/fhir/ValueSet/fp-cfs-level"
* ^content = #complete
* #1 "Veldig sprek"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Veldig sprek"
  * ^designation[1].language = #en
  * ^designation[1].value = "Very fit"
* #2 "Sprek"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Sprek"
  * ^designation[1].language = #en
  * ^designation[1].value = "Fit"
* #3 "Klarer seg bra"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Klarer seg bra"
  * ^designation[1].language = #en
  * ^designation[1].value = "Managing well"
* #4 "Lever med svært mild skrøpelighet"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Lever med svært mild skrøpelegheit"
  * ^designation[1].language = #en
  * ^designation[1].value = "Living with very mild frailty"
* #5 "Lever med mild skrøpelighet"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Lever med mild skrøpelegheit"
  * ^designation[1].language = #en
  * ^designation[1].value = "Living with mild frailty"
* #6 "Lever med moderat skrøpelighet"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Lever med moderat skrøpelegheit"
  * ^designation[1].language = #en
  * ^designation[1].value = "Living with moderate frailty"
* #7 "Lever med alvorlig skrøpelighet"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Lever med alvorleg skrøpelegheit"
  * ^designation[1].language = #en
  * ^designation[1].value = "Living with severe frailty"
* #8 "Lever med svært alvorlig skrøpelighet"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Lever med svært alvorleg skrøpelegheit"
  * ^designation[1].language = #en
  * ^designation[1].value = "Living with very severe frailty"
* #9 "Terminalt syk"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Terminalt sjuk"
  * ^designation[1].language = #en
  * ^designation[1].value = "Terminally ill"
