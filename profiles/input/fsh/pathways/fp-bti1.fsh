Instance: fp-bti1
InstanceOf: ActivityDefinition
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/ActivityDefinition/fp-bti1"
* version = "0.1.0"
* name = "FpBti1"
* title = "Tiltak i egen tjeneste, med samtykke til logg"
* insert TranslatedText(title, [["Tiltak i eiga teneste, med samtykke til logg"]], [["Measures in own service, with consent to the log"]])
* status = #active
* experimental = false
* publisher = "Fellesplan"
* kind = #Task
* intent = #order
* code.coding[0] = FpMeasureType#samarbeidsmote "Samarbeidsmøte"
* code.coding[1] = FpBtiLevel#1 "Nivå 1: innsats i én tjeneste"
