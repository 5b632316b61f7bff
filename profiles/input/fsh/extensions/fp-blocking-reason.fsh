Extension: FpBlockingReasonExtension
Id: fp-blocking-reason
Title: "Grunn til sperring"
Description: "Hvorfor innsyn er sperret for den som sperringen navngir."
Context: Consent.provision.provision
* insert Head
* insert TitleIn([["Grunn til sperring"]], [["Reason for blocking"]])
* insert DescriptionIn([["Kvifor innsyn er sperra for den som sperringa namngjev."]], [["Why access is blocked for those whom the block names."]])
* value[x] only CodeableConcept
* value[x] 1..1
* valueCodeableConcept from FpBlockingReasonVS (required)
