ValueSet: FpBtiLevelVS
Id: fp-bti-level
Title: "Nivå i Bedre tverrfaglig innsats"
Description: "Nivåene i Bedre tverrfaglig innsats (BTI)."
* insert Head
* insert TitleIn([["Nivå i Betre tverrfagleg innsats"]], [["Level of Better interdisciplinary effort (BTI)"]])
* insert DescriptionIn([["Nivåa i Betre tverrfagleg innsats (BTI)."]], [["The levels of Better interdisciplinary effort (BTI)."]])
* ^experimental = false
* include codes from system FpBtiLevel
