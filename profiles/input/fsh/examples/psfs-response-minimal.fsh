Instance: psfs-response-minimal
InstanceOf: FpPsfsResponse
Usage: #example
* questionnaire = "https://fellesplan.example/fhir/Questionnaire/fp-psfs"
* status = #completed
* subject = Reference(patient-minimal)
* authored = "2026-11-01"
* item[0].linkId = "date"
* item[0].answer.valueDate = "2026-11-01"
* item[1].linkId = "conversation"
* item[1].answer.valueInteger = 1
* item[2].linkId = "direction"
* item[2].answer.valueCoding = FpPsfsDirection#0-cannot-10-without-difficulty
* item[3].linkId = "activity"
* item[3].item[0].linkId = "activity.name"
* item[3].item[0].answer.valueString = "Gå til butikken"
* item[3].item[1].linkId = "activity.score"
* item[3].item[1].answer.valueInteger = 3
