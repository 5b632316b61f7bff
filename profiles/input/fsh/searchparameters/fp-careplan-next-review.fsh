Instance: fp-careplan-next-review
InstanceOf: SearchParameter
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/SearchParameter/fp-careplan-next-review"
* version = "0.1.0"
* name = "FpCareplanNextReview"
* status = #active
* experimental = false
* publisher = "Fellesplan"
* description = "Planer etter datoen for neste gjennomgang."
* insert TranslatedText(description, [["Planar etter datoen for neste gjennomgang."]], [["Plans by the date of their next review."]])
* code = #next-review
* base = #CarePlan
* type = #date
* expression = "CarePlan.extension.where(url = 'https://fellesplan.example/fhir/StructureDefinition/fp-next-review').value.ofType(date)"
* xpathUsage = #normal
* comparator[0] = #eq
* comparator[1] = #ne
* comparator[2] = #gt
* comparator[3] = #ge
* comparator[4] = #lt
* comparator[5] = #le
* comparator[6] = #sa
* comparator[7] = #eb
* comparator[8] = #ap
