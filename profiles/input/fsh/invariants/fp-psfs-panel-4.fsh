Invariant: fp-psfs-panel-4
Description: "Den første samtalen skal ikke ha noen endring."
Severity: #error
Expression: "component.where(code.coding.where(system = 'https://fellesplan.example/fhir/CodeSystem/fp-score' and code = 'psfs-conversation').exists()).where(value.ofType(integer) = 1).exists() implies component.where(code.coding.where(system = 'https://fellesplan.example/fhir/CodeSystem/fp-score' and code = 'psfs-change').exists()).empty()"
* insert TranslatedText(human, [["Den første samtalen skal ikkje ha noka endring."]], [["The first conversation must not have a change."]])
