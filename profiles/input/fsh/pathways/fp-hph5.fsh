Instance: fp-hph5
InstanceOf: ActivityDefinition
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/ActivityDefinition/fp-hph5"
* version = "0.1.0"
* name = "FpHph5"
* title = "Fireukerssamtale og ny vurdering"
* insert TranslatedText(title, [["Firevekerssamtale og ny vurdering"]], [["Four-week talk and reassessment"]])
* status = #active
* experimental = false
* publisher = "Fellesplan"
* kind = #Task
* intent = #order
* code.coding[0] = FpMeasureType#kartlegging "Kartlegging"
* code.coding[1] = FpHphStep#HPH5 "Fireukerssamtale og ny vurdering"
