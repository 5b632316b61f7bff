ValueSet: FpNeedTypeVS
Id: fp-need-type
Title: "Behov som meldes"
Description: "Hva det er meldt behov for til koordinerende enhet."
* insert Head
* insert TitleIn([["Behov som blir meldt"]], [["Need that is reported"]])
* insert DescriptionIn([["Kva det er meldt behov for til koordinerande eining."]], [["What the coordinating unit is told that someone needs."]])
* ^experimental = false
* include codes from system FpNeedType
