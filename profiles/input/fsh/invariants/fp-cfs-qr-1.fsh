Invariant: fp-cfs-qr-1
Description: "Svaret gjelder CFS-skjemaet."
Severity: #error
Expression: "questionnaire.exists() implies questionnaire.matches('^https://fellesplan[.]example/fhir/Questionnaire/fp-cfs([|].+)?$')"
* insert TranslatedText(human, [["Svaret gjeld CFS-skjemaet."]], [["The response is to the CFS questionnaire."]])
