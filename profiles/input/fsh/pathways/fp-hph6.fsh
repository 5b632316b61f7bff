Instance: fp-hph6
InstanceOf: ActivityDefinition
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/ActivityDefinition/fp-hph6"
* version = "0.1.0"
* name = "FpHph6"
* title = "Opplysninger til sykehus ved innleggelse"
* insert TranslatedText(title, [["Opplysningar til sjukehus ved innlegging"]], [["Information to hospital at admission"]])
* status = #active
* experimental = false
* publisher = "Fellesplan"
* kind = #Task
* intent = #order
* code.coding[0] = FpMeasureType#informasjon "Informasjon"
* code.coding[1] = FpHphStep#HPH6 "Opplysninger til sykehus ved innleggelse"
