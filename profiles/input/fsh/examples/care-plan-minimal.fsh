Instance: care-plan-minimal
InstanceOf: FpCarePlan
Usage: #example
* extension[custodian].valueReference = Reference(organization-minimal)
* identifier[uuid].system = "urn:ietf:rfc:3986"
* identifier[uuid].value = "urn:uuid:5f0c1b52-7d0e-4c8e-9a50-0a4f2f3a1c01"
* status = #draft
* intent = #plan
* category[planType] = FpPlanType#oppfolgingsplan
* category[1] = $sct#734163000
* title = "Oppfølgingsplan for Astrid"
* subject = Reference(patient-minimal)
* period.start = "2026-11-01"
* careTeam = Reference(care-team-minimal)
