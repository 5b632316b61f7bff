// Emergency access that was asked for with a reason.
Instance: audit-event-full
InstanceOf: FpAuditEvent
Usage: #example
* type = $audit-type#rest "RESTful Operation"
* subtype = $restful#read "read"
* action = #R
* recorded = "2026-11-03T09:00:00+01:00"
* outcome = #0
* purposeOfEvent = $v3-ActReason#BTG "break the glass"
* agent[0].who = Reference(practitioner-role-full)
* agent[0].requestor = true
* agent[0].purposeOfUse = $v3-ActReason#BTG "break the glass"
* agent[1].who = Reference(organization-hospital)
* agent[1].requestor = false
* source.observer.display = "Fellesplan"
* entity[0].what = Reference(care-plan-full)
* entity[1].what = Reference(patient-full)
* entity[1].description = "Innlagt bevisstløs; pårørende ikke nådd."
