// The second conversation: mean 5.5 against 3, a clear improvement.
Instance: psfs-response-full
InstanceOf: FpPsfsResponse
Usage: #example
* language = #nb
* questionnaire = "https://fellesplan.example/fhir/Questionnaire/fp-psfs|0.1.0"
* status = #completed
* subject = Reference(patient-full)
* authored = "2026-12-01T10:45:00+01:00"
* author = Reference(practitioner-role-minimal)
* source = Reference(patient-full)
* item[0].linkId = "date"
* item[0].answer.valueDate = "2026-12-01"
* item[1].linkId = "conversation"
* item[1].answer.valueInteger = 2
* item[2].linkId = "direction"
* item[2].answer.valueCoding = FpPsfsDirection#0-cannot-10-without-difficulty "0 = kan ikke, 10 = kan uten vansker"
* item[3].linkId = "activity"
* item[3].item[0].linkId = "activity.name"
* item[3].item[0].answer.valueString = "Gå til butikken"
* item[3].item[1].linkId = "activity.score"
* item[3].item[1].answer.valueInteger = 6
* item[4].linkId = "activity"
* item[4].item[0].linkId = "activity.name"
* item[4].item[0].answer.valueString = "Bære varene hjem"
* item[4].item[1].linkId = "activity.score"
* item[4].item[1].answer.valueInteger = 5
* item[5].linkId = "total"
* item[5].answer.valueInteger = 11
* item[6].linkId = "mean"
* item[6].answer.valueDecimal = 5.5
* item[7].linkId = "change"
* item[7].answer.valueDecimal = 2.5
