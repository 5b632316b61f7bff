Invariant: fp-cp-2
Description: "En aktiv plan må ha en dato for neste gjennomgang."
Severity: #error
Expression: "status = 'active' implies extension.where(url = 'https://fellesplan.example/fhir/StructureDefinition/fp-next-review').exists()"
* insert TranslatedText(human, [["Ein aktiv plan må ha ein dato for neste gjennomgang."]], [["An active plan must have a date of next review."]])
