Invariant: fp-psfs-panel-5
Description: "Fra og med den andre samtalen skal endringen fra forrige gjennomsnitt være med."
Severity: #warning
Expression: "component.where(code.coding.where(system = 'https://fellesplan.example/fhir/CodeSystem/fp-score' and code = 'psfs-conversation').exists()).where(value.ofType(integer) > 1).exists() implies component.where(code.coding.where(system = 'https://fellesplan.example/fhir/CodeSystem/fp-score' and code = 'psfs-change').exists()).exists()"
* insert TranslatedText(human, [["Frå og med den andre samtalen skal endringa frå førre gjennomsnitt vere med."]], [["From the second conversation on, the change from the previous mean should be given."]])
