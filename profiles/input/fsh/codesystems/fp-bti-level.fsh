CodeSystem: FpBtiLevel
Id: fp-bti-level
Title: "Nivå i Bedre tverrfaglig innsats"
Description: "Nivåene i Bedre tverrfaglig innsats (BTI)."
* insert Head
* insert TitleIn([["Nivå i Betre tverrfagleg innsats"]], [["Level of Better interdisciplinary effort (BTI)"]])
* insert DescriptionIn([["Nivåa i Betre tverrfagleg innsats (BTI)."]], [["The levels of Better interdisciplinary effort (BTI)."]])
* ^caseSensitive = true
* ^experimental = false
* ^valueSet = "https://fellesplan.example/fhir/ValueSet/fp-bti-level"
* ^content = #complete
* #0 "Nivå 0: avklare undringen"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Nivå 0: avklare undringa"
  * ^designation[1].language = #en
  * ^designation[1].value = "Level 0: clarify the worry"
* #1 "Nivå 1: innsats i én tjeneste"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Nivå 1: innsats i éi teneste"
  * ^designation[1].language = #en
  * ^designation[1].value = "Level 1: effort in one service"
* #2 "Nivå 2: innsats fra to tjenester"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Nivå 2: innsats frå to tenester"
  * ^designation[1].language = #en
  * ^designation[1].value = "Level 2: effort of two services"
* #3 "Nivå 3: innsats fra flere tjenester"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Nivå 3: innsats frå fleire tenester"
  * ^designation[1].language = #en
  * ^designation[1].value = "Level 3: effort of several services"
