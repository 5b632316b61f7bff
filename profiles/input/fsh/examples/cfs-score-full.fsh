Instance: cfs-score-full
InstanceOf: FpCfsScore
Usage: #example
* language = #nb
* status = #final
* category[survey] = $observation-category#survey "Survey"
* code = $sct#763264000
* code.text = "Clinical Frailty Scale"
* subject = Reference(patient-full)
* effectiveDateTime = "2026-11-01"
* issued = "2026-11-15T14:00:00+01:00"
* performer = Reference(practitioner-role-full)
* valueQuantity.value = 6
* valueQuantity.unit = "poeng"
* valueQuantity.system = $ucum
* valueQuantity.code = #{score}
* note.text = "Vurdert sammen med datteren."
* derivedFrom = Reference(cfs-response-full)
* component[level].code = FpScore#cfs-level "CFS: nivå"
* component[level].valueCodeableConcept = FpCfsLevel#6 "Lever med moderat skrøpelighet"
