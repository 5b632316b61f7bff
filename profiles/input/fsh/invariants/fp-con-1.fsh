Invariant: fp-con-1
Description: "Et aktivt samtykke til innsyn må navngi hvem som får se planen."
Severity: #error
Expression: "(status = 'active' and category.coding.where(system = 'https://fellesplan.example/fhir/CodeSystem/fp-consent-purpose' and code = 'innsyn').exists()) implies provision.actor.exists()"
* insert TranslatedText(human, [["Eit aktivt samtykke til innsyn må namngje kven som får sjå planen."]], [["An active consent to access must name who may see the plan."]])
