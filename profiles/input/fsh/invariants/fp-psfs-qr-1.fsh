Invariant: fp-psfs-qr-1
Description: "Svaret må gjelde PSFS-skjemaet."
Severity: #error
Expression: "questionnaire.exists() implies questionnaire.matches('^https://fellesplan[.]example/fhir/Questionnaire/fp-psfs([|].+)?$')"
* insert TranslatedText(human, [["Svaret må gjelde PSFS-skjemaet."]], [["The response must be to the PSFS questionnaire."]])
