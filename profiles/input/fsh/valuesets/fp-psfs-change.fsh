ValueSet: FpPsfsChangeVS
Id: fp-psfs-change
Title: "Endring i PSFS"
Description: "Endring i PSFS-gjennomsnitt fra forrige samtale; 2 poeng eller mer er en tydelig endring."
* insert Head
* insert TitleIn([["Endring i PSFS"]], [["Change in PSFS"]])
* insert DescriptionIn([["Endring i PSFS-gjennomsnitt frå førre samtale; 2 poeng eller meir er ei tydeleg endring."]], [["Change of the PSFS mean since the previous conversation; 2 points or more is a clear change."]])
* ^experimental = false
* include codes from system FpPsfsChange
