Invariant: fp-psfs-panel-6
Description: "Gjennomsnittet må være summen delt på antall aktiviteter, med én desimal eller flere."
Severity: #error
Expression: "(value.value.exists() and hasMember.exists() and component.where(code.coding.where(system = 'https://fellesplan.example/fhir/CodeSystem/fp-score' and code = 'psfs-total').exists()).value.exists()) implies (value.value * hasMember.count() - component.where(code.coding.where(system = 'https://fellesplan.example/fhir/CodeSystem/fp-score' and code = 'psfs-total').exists()).value).abs() <= 0.05 * hasMember.count()"
* insert TranslatedText(human, [["Gjennomsnittet må vere summen delt på talet på aktivitetar, med éin desimal eller fleire."]], [["The mean must be the total divided by the number of activities, to one decimal or more."]])
