Invariant: fp-cp-2
Description: "En aktiv plan har en dato for neste gjennomgang."
Severity: #error
Expression: "status = 'active' implies extension.where(url = 'https://fellesplan.example/fhir/StructureDefinition/fp-next-review').exists()"
* insert TranslatedText(human, [["Ein aktiv plan har ein dato for neste gjennomgang."]], [["An active plan has a date of next review."]])
