Invariant: fp-cp-5
Description: "Neste gjennomgang er ikke før planen starter."
Severity: #error
Expression: "(extension.where(url = 'https://fellesplan.example/fhir/StructureDefinition/fp-next-review').exists() and period.start.exists()) implies period.start.toString().substring(0, extension.where(url = 'https://fellesplan.example/fhir/StructureDefinition/fp-next-review').value.toString().length()) <= extension.where(url = 'https://fellesplan.example/fhir/StructureDefinition/fp-next-review').value.toString()"
* insert TranslatedText(human, [["Neste gjennomgang er ikkje før planen startar."]], [["The next review is not before the plan starts."]])
