Instance: fp-hph3
InstanceOf: ActivityDefinition
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/ActivityDefinition/fp-hph3"
* version = "0.1.0"
* name = "FpHph3"
* title = "Forberede legekonsultasjon"
* insert TranslatedText(title, [["Førebu legekonsultasjon"]], [["Prepare GP visit"]])
* status = #active
* experimental = false
* publisher = "Fellesplan"
* kind = #Task
* intent = #order
* code.coding[0] = FpMeasureType#helsehjelp "Helsehjelp"
* code.coding[1] = FpHphStep#HPH3 "Forberede legekonsultasjon"
