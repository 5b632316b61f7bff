Instance: provenance-minimal
InstanceOf: FpProvenance
Usage: #example
* target.reference = "Task/measure-task-minimal/_history/2"
* recorded = "2026-11-03T09:00:00+01:00"
* reason = $v3-ActReason#COC
* activity = $v3-DataOperation#UPDATE
* agent.who = Reference(patient-minimal)
