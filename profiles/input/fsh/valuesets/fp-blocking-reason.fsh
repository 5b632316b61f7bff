ValueSet: FpBlockingReasonVS
Id: fp-blocking-reason
Title: "Grunn til sperring"
Description: "Hvorfor innsyn er sperret for noen."
* insert Head
* insert TitleIn([["Grunn til sperring"]], [["Reason for blocking"]])
* insert DescriptionIn([["Kvifor innsyn er sperra for nokon."]], [["Why access is blocked for someone."]])
* ^experimental = false
* include codes from system FpBlockingReason
