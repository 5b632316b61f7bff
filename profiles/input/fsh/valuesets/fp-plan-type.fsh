ValueSet: FpPlanTypeVS
Id: fp-plan-type
Title: "Plantype"
Description: "Hva slags plan det er."
* insert Head
* insert TitleIn([["Plantype"]], [["Plan type"]])
* insert DescriptionIn([["Kva slags plan det er."]], [["What kind of plan it is."]])
* ^experimental = false
* include codes from system FpPlanType
