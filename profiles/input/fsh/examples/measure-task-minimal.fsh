Instance: measure-task-minimal
InstanceOf: FpMeasureTask
Usage: #example
* status = #requested
* intent = #order
* code = FpMeasureType#trening
* description = "Øve på å gå i trapp."
* for = Reference(patient-minimal)
* owner = Reference(patient-minimal)
* restriction.period.end = "2026-12-01"
