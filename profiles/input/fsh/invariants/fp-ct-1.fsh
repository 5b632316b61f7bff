Invariant: fp-ct-1
Description: "Et aktivt oppfølgingsteam må ha nøyaktig én koordinator eller barnekoordinator nå."
Severity: #error
Expression: "status = 'active' implies participant.where(role.coding.where(system = 'https://fellesplan.example/fhir/CodeSystem/fp-team-role' and (code = 'koordinator' or code = 'barnekoordinator')).exists()).where((period.start.empty() or period.start.toString().substring(0, 10) <= today().toString()) and (period.end.empty() or today().toString().substring(0, period.end.toString().length()) <= period.end.toString().substring(0, 10))).count() = 1"
* insert TranslatedText(human, [["Eit aktivt oppfølgingsteam må ha nøyaktig éin koordinator eller barnekoordinator no."]], [["An active care team must have exactly one coordinator or children's coordinator now."]])
