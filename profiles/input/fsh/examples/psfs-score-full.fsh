Instance: psfs-score-full
InstanceOf: FpPsfsScore
Usage: #example
* language = #nb
* status = #final
* category[survey] = $observation-category#survey "Survey"
* code = FpScore#psfs-activity "PSFS: skår for aktivitet"
* code.text = "Gå til butikken"
* subject = Reference(patient-full)
* focus = Reference(goal-full)
* effectiveDateTime = "2026-12-01T10:30:00+01:00"
* issued = "2026-12-01T10:45:00+01:00"
* performer = Reference(practitioner-role-minimal)
* valueInteger = 6
* derivedFrom = Reference(psfs-response-full)
* component[direction].code = FpScore#psfs-direction "PSFS: retning på skalaen"
* component[direction].valueCodeableConcept = FpPsfsDirection#0-cannot-10-without-difficulty "0 = kan ikke, 10 = kan uten vansker"
