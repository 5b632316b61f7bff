Instance: what-matters-minimal
InstanceOf: FpWhatMatters
Usage: #example
* status = #final
* code = FpObservation#what-matters
* subject = Reference(patient-minimal)
* effectiveDateTime = "2026-11-01"
* performer = Reference(patient-minimal)
* valueString = "Å bo hjemme."
