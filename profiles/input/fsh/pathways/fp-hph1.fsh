Instance: fp-hph1
InstanceOf: ActivityDefinition
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/ActivityDefinition/fp-hph1"
* version = "0.1.0"
* name = "FpHph1"
* title = "Forberede hjemkomst"
* insert TranslatedText(title, [["Førebu heimkomst"]], [["Prepare homecoming"]])
* status = #active
* experimental = false
* publisher = "Fellesplan"
* kind = #Task
* intent = #order
* code.coding[0] = FpMeasureType#oppfolging-hjemme "Oppfølging hjemme"
* code.coding[1] = FpHphStep#HPH1 "Forberede hjemkomst"
