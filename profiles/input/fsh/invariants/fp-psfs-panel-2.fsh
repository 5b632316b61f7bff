Invariant: fp-psfs-panel-2
Description: "Endring og tolkning må stå sammen: begge eller ingen."
Severity: #error
Expression: "component.where(code.coding.where(system = 'https://fellesplan.example/fhir/CodeSystem/fp-score' and code = 'psfs-change').exists()).exists() = interpretation.exists()"
* insert TranslatedText(human, [["Endring og tolking må stå saman: begge eller ingen."]], [["Change and interpretation must stand together: both or none."]])
