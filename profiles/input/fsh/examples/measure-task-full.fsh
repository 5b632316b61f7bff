// The nurse's follow-up within three days after homecoming.
Instance: measure-task-full
InstanceOf: FpMeasureTask
Usage: #example
* language = #nb
* basedOn = Reference(care-plan-full)
* partOf = Reference(measure-task-minimal)
* status = #in-progress
* businessStatus.text = "Avtalt besøk"
* intent = #order
* priority = #routine
* code.coding[0] = FpMeasureType#kartlegging "Kartlegging"
* code.coding[1] = FpHphStep#HPH2 "Strukturert oppfølging av sykepleier innen 3 dager"
* description = "Hjemmebesøk og samtale etter sjekklisten."
* focus = Reference(goal-full)
* for = Reference(patient-full)
* executionPeriod.start = "2026-11-03T09:00:00+01:00"
* authoredOn = "2026-11-01T13:00:00+01:00"
* lastModified = "2026-11-03T09:00:00+01:00"
* requester = Reference(practitioner-role-minimal)
* owner = Reference(practitioner-role-full)
* restriction.period.end = "2026-11-04"
* note.text = "Ring før du kommer."
