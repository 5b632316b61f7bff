Invariant: fp-psfs-panel-5
Description: "Fra og med den andre samtalen er endringen fra forrige gjennomsnitt med."
Severity: #warning
Expression: "component.where(code.coding.where(system = 'https://fellesplan.example/fhir/CodeSystem/fp-score' and code = 'psfs-conversation').exists()).where(value.ofType(integer) > 1).exists() implies component.where(code.coding.where(system = 'https://fellesplan.example/fhir/CodeSystem/fp-score' and code = 'psfs-change').exists()).exists()"
* insert TranslatedText(human, [["Frå og med den andre samtalen er endringa frå førre gjennomsnitt med."]], [["From the second conversation on, the change from the previous mean is given."]])
