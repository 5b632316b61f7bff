Instance: audit-event-minimal
InstanceOf: FpAuditEvent
Usage: #example
* type = $audit-type#rest
* action = #R
* recorded = "2026-11-03T09:00:00+01:00"
* outcome = #0
* purposeOfEvent = $v3-ActReason#COC
* agent.who = Reference(practitioner-role-minimal)
* agent.requestor = true
* source.observer.display = "Fellesplan"
