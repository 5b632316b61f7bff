Instance: care-plan-full
InstanceOf: FpCarePlan
Usage: #example
* language = #nb
* extension[nextReview].valueDate = "2027-02-01"
* extension[custodian].valueReference = Reference(organization-minimal)
* identifier[uuid].system = "urn:ietf:rfc:3986"
* identifier[uuid].value = "urn:uuid:5f0c1b52-7d0e-4c8e-9a50-0a4f2f3a1c02"
* instantiatesCanonical = "https://fellesplan.example/fhir/PlanDefinition/fp-pathway-hph"
* status = #active
* intent = #plan
* category[planType] = FpPlanType#individuell-plan "Individuell plan"
* category[1] = $sct#734163000
* title = "Individuell plan for Astrid"
* description = "Trygg hverdag hjemme etter sykehusoppholdet."
* subject = Reference(patient-full)
* period.start = "2026-11-01"
* period.end = "2027-10-31"
* created = "2026-11-01T13:00:00+01:00"
* author = Reference(practitioner-role-minimal)
* contributor[0] = Reference(patient-full)
* contributor[1] = Reference(related-person-minimal)
* careTeam = Reference(care-team-full)
* supportingInfo[0] = Reference(what-matters-full)
* supportingInfo[1] = Reference(psfs-panel-full)
* supportingInfo[2] = Reference(cfs-score-full)
* goal = Reference(goal-full)
* activity[0].reference = Reference(measure-task-full)
* activity[1].reference = Reference(need-report-full)
* note.text = "Revideres sammen med Astrid og datteren."
