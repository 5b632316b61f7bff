// The green zone of a self-management plan: a plan of its own that is part of the whole.
Instance: care-plan-zone
InstanceOf: FpCarePlan
Usage: #example
* extension[nextReview].valueDate = "2027-02-01"
* extension[custodian].valueReference = Reference(organization-minimal)
* identifier[uuid].system = "urn:ietf:rfc:3986"
* identifier[uuid].value = "urn:uuid:5f0c1b52-7d0e-4c8e-9a50-0a4f2f3a1c03"
* partOf = Reference(care-plan-full)
* status = #active
* intent = #plan
* category[planType].coding[0] = FpPlanType#egenbehandlingsplan
* category[planType].coding[1] = $sct#734163000
* title = "Grønn sone"
* subject = Reference(patient-full)
* period.start = "2026-11-01"
* careTeam = Reference(care-team-full)
* goal = Reference(goal-full)
* activity.reference = Reference(measure-task-minimal)
