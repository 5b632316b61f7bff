Instance: fp-hph2
InstanceOf: ActivityDefinition
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/ActivityDefinition/fp-hph2"
* version = "0.1.0"
* name = "FpHph2"
* title = "Strukturert oppfølging av sykepleier innen 3 dager"
* insert TranslatedText(title, [["Strukturert oppfølging av sjukepleiar innan 3 dagar"]], [["Structured nurse follow-up within 3 days"]])
* status = #active
* experimental = false
* publisher = "Fellesplan"
* kind = #Task
* intent = #order
* code.coding[0] = FpMeasureType#kartlegging "Kartlegging"
* code.coding[1] = FpHphStep#HPH2 "Strukturert oppfølging av sykepleier innen 3 dager"
