// Says nothing when the patient cannot be looked up.

Invariant: fp-ct-3
Description: "En barnekoordinator skal være for barn under 18 år (eller ventet barn): pasienten er eldre."
Severity: #warning
Expression: "participant.where(role.coding.where(system = 'https://fellesplan.example/fhir/CodeSystem/fp-team-role' and code = 'barnekoordinator').exists()).exists() implies subject.resolve().ofType(Patient).where(birthDate <= today() - 18 years).empty()"
* insert TranslatedText(human, [["Ein barnekoordinator skal vere for barn under 18 år (eller venta barn): pasienten er eldre."]], [["A children's coordinator should be for a child under 18 (or an expected one): the patient is older."]])
