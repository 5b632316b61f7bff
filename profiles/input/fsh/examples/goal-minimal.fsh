Instance: goal-minimal
InstanceOf: FpGoal
Usage: #example
* lifecycleStatus = #active
* description.text = "Gå til butikken."
* subject = Reference(patient-minimal)
* startDate = "2026-11-01"
* expressedBy = Reference(patient-minimal)
