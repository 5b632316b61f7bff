ValueSet: FpConsentPurposeVS
Id: fp-consent-purpose
Title: "Formål med samtykke"
Description: "Hva samtykket gjelder."
* insert Head
* insert TitleIn([["Føremål med samtykke"]], [["Purpose of consent"]])
* insert DescriptionIn([["Kva samtykket gjeld."]], [["What the consent is for."]])
* ^experimental = false
* include codes from system FpConsentPurpose
