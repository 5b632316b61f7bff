Invariant: fp-con-1
Description: "Et aktivt samtykke til innsyn navngir hvem som får se planen."
Severity: #error
Expression: "(status = 'active' and category.coding.where(system = 'https://fellesplan.example/fhir/CodeSystem/fp-consent-purpose' and code = 'innsyn').exists()) implies provision.actor.exists()"
* insert TranslatedText(human, [["Eit aktivt samtykke til innsyn namngjev kven som får sjå planen."]], [["An active consent to access names who may see the plan."]])
