Instance: psfs-panel-minimal
InstanceOf: FpPsfsPanel
Usage: #example
* status = #final
* category[survey] = $observation-category#survey
* code = FpScore#psfs-panel
* subject = Reference(patient-minimal)
* effectiveDateTime = "2026-11-01"
* valueQuantity.value = 3
* valueQuantity.system = $ucum
* valueQuantity.code = #{score}
* hasMember = Reference(psfs-score-minimal)
* derivedFrom = Reference(psfs-response-minimal)
* component[direction].code = FpScore#psfs-direction
* component[direction].valueCodeableConcept = FpPsfsDirection#0-cannot-10-without-difficulty
* component[conversation].code = FpScore#psfs-conversation
* component[conversation].valueInteger = 1
* component[total].code = FpScore#psfs-total
* component[total].valueInteger = 3
