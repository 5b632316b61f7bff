Instance: fp-hph0
InstanceOf: ActivityDefinition
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/ActivityDefinition/fp-hph0"
* version = "0.1.0"
* name = "FpHph0"
* title = "Utskriving fra sykehus"
* insert TranslatedText(title, [["Utskriving frå sjukehus"]], [["Discharge from hospital"]])
* status = #active
* experimental = false
* publisher = "Fellesplan"
* kind = #Task
* intent = #order
* code.coding[0] = FpMeasureType#oppfolging-hjemme "Oppfølging hjemme"
* code.coding[1] = FpHphStep#HPH0 "Utskriving fra sykehus"
