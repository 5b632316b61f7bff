Instance: fp-bti3
InstanceOf: ActivityDefinition
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/ActivityDefinition/fp-bti3"
* version = "0.1.0"
* name = "FpBti3"
* title = "Samordnede tiltak fra flere tjenester"
* insert TranslatedText(title, [["Samordna tiltak frå fleire tenester"]], [["Coordinated measures of several services"]])
* status = #active
* experimental = false
* publisher = "Fellesplan"
* kind = #Task
* intent = #order
* code.coding[0] = FpMeasureType#samarbeidsmote "Samarbeidsmøte"
* code.coding[1] = FpBtiLevel#3 "Nivå 3: innsats fra flere tjenester"
