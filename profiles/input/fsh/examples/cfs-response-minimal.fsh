Instance: cfs-response-minimal
InstanceOf: FpCfsResponse
Usage: #example
* questionnaire = "https://fellesplan.example/fhir/Questionnaire/fp-cfs"
* status = #completed
* subject = Reference(patient-minimal)
* authored = "2026-11-15"
* item[0].linkId = "reference-date"
* item[0].answer.valueDate = "2026-11-01"
* item[1].linkId = "level"
* item[1].answer.valueCoding = FpCfsLevel#6
