Invariant: fp-cp-5
Description: "Neste gjennomgang må ikke være før planen starter."
Severity: #error
Expression: "(extension.where(url = 'https://fellesplan.example/fhir/StructureDefinition/fp-next-review').value.ofType(date).first().toString().exists() and period.start.exists()) implies period.start.toString().substring(0, extension.where(url = 'https://fellesplan.example/fhir/StructureDefinition/fp-next-review').value.ofType(date).first().toString().length()) <= extension.where(url = 'https://fellesplan.example/fhir/StructureDefinition/fp-next-review').value.ofType(date).first().toString()"
* insert TranslatedText(human, [["Neste gjennomgang må ikkje vere før planen startar."]], [["The next review must not be before the plan starts."]])
