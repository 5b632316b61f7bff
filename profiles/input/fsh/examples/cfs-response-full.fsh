Instance: cfs-response-full
InstanceOf: FpCfsResponse
Usage: #example
* language = #nb
* questionnaire = "https://fellesplan.example/fhir/Questionnaire/fp-cfs|0.1.0"
* status = #completed
* subject = Reference(patient-full)
* authored = "2026-11-15T14:00:00+01:00"
* author = Reference(practitioner-role-full)
* item[0].linkId = "reference-date"
* item[0].answer.valueDate = "2026-11-01"
* item[1].linkId = "level"
* item[1].answer.valueCoding = FpCfsLevel#6 "Lever med moderat skrøpelighet"
* item[2].linkId = "rater"
* item[2].answer.valueString = "Lars Hegdal, fastlege"
* item[3].linkId = "note"
* item[3].answer.valueString = "Vurdert sammen med datteren."
