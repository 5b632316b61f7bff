Instance: provenance-full
InstanceOf: FpProvenance
Usage: #example
* target.reference = "CarePlan/care-plan-full/_history/3"
* occurredDateTime = "2026-11-03T09:00:00+01:00"
* recorded = "2026-11-03T09:00:00+01:00"
* reason = $v3-ActReason#COC "coordination of care"
* activity = $v3-DataOperation#UPDATE "revise"
* agent.type = $provenance-participant#author "Author"
* agent.who = Reference(practitioner-role-minimal)
* agent.onBehalfOf = Reference(organization-minimal)
* entity.role = #revision
* entity.what.reference = "CarePlan/care-plan-full/_history/2"
