Instance: fp-hph4
InstanceOf: ActivityDefinition
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/ActivityDefinition/fp-hph4"
* version = "0.1.0"
* name = "FpHph4"
* title = "Ved forverring, fall eller kontakt med legevakt"
* insert TranslatedText(title, [["Ved forverring, fall eller kontakt med legevakt"]], [["At decline, fall or contact with out-of-hours services"]])
* status = #active
* experimental = false
* publisher = "Fellesplan"
* kind = #Task
* intent = #order
* code.coding[0] = FpMeasureType#kartlegging "Kartlegging"
* code.coding[1] = FpHphStep#HPH4 "Ved forverring, fall eller kontakt med legevakt"
