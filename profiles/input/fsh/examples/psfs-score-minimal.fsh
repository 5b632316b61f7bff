Instance: psfs-score-minimal
InstanceOf: FpPsfsScore
Usage: #example
* status = #final
* category[survey] = $observation-category#survey
* code = FpScore#psfs-activity
* code.text = "Gå til butikken"
* subject = Reference(patient-minimal)
* effectiveDateTime = "2026-11-01"
* valueInteger = 3
* derivedFrom = Reference(psfs-response-minimal)
* component[direction].code = FpScore#psfs-direction
* component[direction].valueCodeableConcept = FpPsfsDirection#0-cannot-10-without-difficulty
