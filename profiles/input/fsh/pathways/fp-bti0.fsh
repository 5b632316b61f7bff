Instance: fp-bti0
InstanceOf: ActivityDefinition
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/ActivityDefinition/fp-bti0"
* version = "0.1.0"
* name = "FpBti0"
* title = "Avklare undringen med leder, barn og foresatte"
* insert TranslatedText(title, [["Avklare undringa med leiar, barn og føresette"]], [["Clarify the worry with leader, child and parents"]])
* status = #active
* experimental = false
* publisher = "Fellesplan"
* kind = #Task
* intent = #order
* code.coding[0] = FpMeasureType#kartlegging "Kartlegging"
* code.coding[1] = FpBtiLevel#0 "Nivå 0: avklare undringen"
