Invariant: fp-cfs-2
Description: "Nivået i komponenten må være det samme som tallet."
Severity: #error
Expression: "(value.where(value in (1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9)).exists() and component.where(code.coding.where(system = 'https://fellesplan.example/fhir/CodeSystem/fp-score' and code = 'cfs-level').exists()).value.coding.exists()) implies component.where(code.coding.where(system = 'https://fellesplan.example/fhir/CodeSystem/fp-score' and code = 'cfs-level').exists()).value.coding.where(system = 'https://fellesplan.example/fhir/CodeSystem/fp-cfs-level').code.all($this.toInteger() = %resource.value.value)"
* insert TranslatedText(human, [["Nivået i komponenten må vere det same som talet."]], [["The level of the component must be the same as the number."]])
