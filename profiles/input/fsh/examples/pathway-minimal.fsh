Instance: pathway-minimal
InstanceOf: FpPathway
Usage: #example
* url = "https://fellesplan.example/fhir/PlanDefinition/pathway-minimal"
* version = "1"
* name = "PathwayMinimal"
* title = "Oppfølging etter hjemkomst"
* type = $plan-definition-type#clinical-protocol
* status = #draft
* action[0].id = "homecoming"
* action[0].title = "Hjemkomst"
