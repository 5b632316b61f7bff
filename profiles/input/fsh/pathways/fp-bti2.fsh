Instance: fp-bti2
InstanceOf: ActivityDefinition
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/ActivityDefinition/fp-bti2"
* version = "0.1.0"
* name = "FpBti2"
* title = "Nettverksmøte og tiltak fra to tjenester"
* insert TranslatedText(title, [["Nettverksmøte og tiltak frå to tenester"]], [["Network meeting and measures of two services"]])
* status = #active
* experimental = false
* publisher = "Fellesplan"
* kind = #Task
* intent = #order
* code.coding[0] = FpMeasureType#samarbeidsmote "Samarbeidsmøte"
* code.coding[1] = FpBtiLevel#2 "Nivå 2: innsats fra to tjenester"
