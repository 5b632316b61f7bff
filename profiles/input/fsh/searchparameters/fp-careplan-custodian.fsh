Instance: fp-careplan-custodian
InstanceOf: SearchParameter
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/SearchParameter/fp-careplan-custodian"
* version = "0.1.0"
* name = "FpCareplanCustodian"
* status = #active
* experimental = false
* publisher = "Fellesplan"
* description = "Planer etter organisasjonen som svarer for dem."
* insert TranslatedText(description, [["Planar etter organisasjonen som svarar for dei."]], [["Plans by the organisation that answers for them."]])
* code = #custodian
* base = #CarePlan
* type = #reference
* expression = "CarePlan.extension.where(url = 'https://fellesplan.example/fhir/StructureDefinition/fp-custodian').value.ofType(Reference)"
* xpathUsage = #normal
* target = #Organization
