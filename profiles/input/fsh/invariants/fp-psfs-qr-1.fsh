Invariant: fp-psfs-qr-1
Description: "Svaret gjelder PSFS-skjemaet."
Severity: #error
Expression: "questionnaire.exists() implies questionnaire.matches('^https://fellesplan[.]example/fhir/Questionnaire/fp-psfs([|].+)?$')"
* insert TranslatedText(human, [["Svaret gjeld PSFS-skjemaet."]], [["The response is to the PSFS questionnaire."]])
