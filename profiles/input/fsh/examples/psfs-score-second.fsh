// The second activity of the same conversation.
Instance: psfs-score-second
InstanceOf: FpPsfsScore
Usage: #example
* status = #final
* category[survey] = $observation-category#survey
* code = FpScore#psfs-activity
* code.text = "Bære varene hjem"
* subject = Reference(patient-full)
* effectiveDateTime = "2026-12-01T10:30:00+01:00"
* valueInteger = 5
* derivedFrom = Reference(psfs-response-full)
* component[direction].code = FpScore#psfs-direction
* component[direction].valueCodeableConcept = FpPsfsDirection#0-cannot-10-without-difficulty
