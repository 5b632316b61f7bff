Invariant: fp-psfs-panel-2
Description: "Endring og tolkning hører sammen: begge er der, eller ingen."
Severity: #error
Expression: "component.where(code.coding.where(system = 'https://fellesplan.example/fhir/CodeSystem/fp-score' and code = 'psfs-change').exists()).exists() = interpretation.exists()"
* insert TranslatedText(human, [["Endring og tolking høyrer saman: begge er der, eller ingen."]], [["Change and interpretation belong together: both are there, or none."]])
