Instance: what-matters-full
InstanceOf: FpWhatMatters
Usage: #example
* language = #nb
* status = #final
* code = FpObservation#what-matters "Hva er viktig for deg?"
* subject = Reference(patient-full)
* effectiveDateTime = "2026-11-01T11:00:00+01:00"
* issued = "2026-11-01T11:30:00+01:00"
* performer[0] = Reference(patient-full)
* performer[1] = Reference(related-person-minimal)
* valueString = "Jeg vil klare å gå til butikken sammen med barnebarna."
