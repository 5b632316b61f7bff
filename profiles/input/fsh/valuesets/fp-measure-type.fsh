ValueSet: FpMeasureTypeVS
Id: fp-measure-type
Title: "Tiltakstype"
Description: "Hva slags tiltak det er."
* insert Head
* insert TitleIn([["Tiltakstype"]], [["Type of measure"]])
* insert DescriptionIn([["Kva slags tiltak det er."]], [["What kind of measure it is."]])
* ^experimental = false
* include codes from system FpMeasureType
