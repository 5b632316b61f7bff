Instance: cfs-score-minimal
InstanceOf: FpCfsScore
Usage: #example
* status = #final
* category[survey] = $observation-category#survey
* code = $sct#763264000
* subject = Reference(patient-minimal)
* effectiveDateTime = "2026-11-01"
* performer = Reference(practitioner-role-minimal)
* valueQuantity.value = 6
* valueQuantity.system = $ucum
* valueQuantity.code = #{score}
* component[level].code = FpScore#cfs-level
* component[level].valueCodeableConcept = FpCfsLevel#6
