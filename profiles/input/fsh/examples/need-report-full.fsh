Instance: need-report-full
InstanceOf: FpNeedReport
Usage: #example
* language = #nb
* status = #completed
* intent = #order
* priority = #urgent
* code = FpNeedType#individuell-plan "Individuell plan"
* subject = Reference(patient-full)
* authoredOn = "2026-10-20T13:20:00+02:00"
* requester = Reference(practitioner-role-full)
* performer = Reference(organization-full)
* reasonCode.text = "Trenger flere tjenester over lang tid."
* note.text = "Datteren er med på meldingen."
