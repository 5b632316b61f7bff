ValueSet: FpHphStepVS
Id: fp-hph-step
Title: "Steg i Helhetlig pasientforløp i hjemmet"
Description: "Sjekkpunktene i Helhetlig pasientforløp i hjemmet (HPH)."
* insert Head
* insert TitleIn([["Steg i Heilskapleg pasientforløp i heimen"]], [["Step of the whole patient pathway at home (HPH)"]])
* insert DescriptionIn([["Sjekkpunkta i Heilskapleg pasientforløp i heimen (HPH)."]], [["The checkpoints of the whole patient pathway at home (HPH)."]])
* ^experimental = false
* include codes from system FpHphStep
