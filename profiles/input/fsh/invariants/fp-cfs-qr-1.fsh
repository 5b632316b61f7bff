Invariant: fp-cfs-qr-1
Description: "Svaret må gjelde CFS-skjemaet."
Severity: #error
Expression: "questionnaire.exists() implies questionnaire.matches('^https://fellesplan[.]example/fhir/Questionnaire/fp-cfs([|].+)?$')"
* insert TranslatedText(human, [["Svaret må gjelde CFS-skjemaet."]], [["The response must be to the CFS questionnaire."]])
