ValueSet: FpCfsLevelVS
Id: fp-cfs-level
Title: "Nivå på Clinical Frailty Scale"
Description: "Nivå 1–9 med korte navn. De fulle beskrivelsene tilhører Dalhousie University og er ikke med."
* insert Head
* insert TitleIn([["Nivå på Clinical Frailty Scale"]], [["Level of the Clinical Frailty Scale"]])
* insert DescriptionIn([["Nivå 1–9 med korte namn. Dei fulle omtalane høyrer til Dalhousie University og er ikkje med."]], [["Levels 1–9 with short names. The full descriptions belong to Dalhousie University and are not included."]])
* ^experimental = false
* include codes from system FpCfsLevel
