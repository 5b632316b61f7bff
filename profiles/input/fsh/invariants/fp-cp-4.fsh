Invariant: fp-cp-4
Description: "En aktiv individuell plan skal ha en koordinator som forfatter."
Severity: #warning
Expression: "(status = 'active' and category.coding.where(system = 'https://fellesplan.example/fhir/CodeSystem/fp-plan-type' and code = 'individuell-plan').exists()) implies author.exists()"
* insert TranslatedText(human, [["Ein aktiv individuell plan skal ha ein koordinator som forfattar."]], [["An active individual plan should have a coordinator as author."]])
