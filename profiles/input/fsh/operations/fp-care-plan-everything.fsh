Instance: fp-care-plan-everything
InstanceOf: OperationDefinition
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/OperationDefinition/fp-care-plan-everything"
* version = "0.1.0"
* name = "CarePlanEverything"
* title = "Alt i en plan"
* insert TranslatedText(title, [["Alt i ein plan"]], [["Everything in a plan"]])
* status = #active
* kind = #operation
* experimental = false
* date = "2026-11-22"
* publisher = "Fellesplan"
* description = "Planen med alt den består av: mål, tiltak, team, nestede planer, det de viser til, og personene og virksomhetene i dem. Bare det den som spør har tilgang til, er med."
* insert TranslatedText(description, [["Planen med alt han består av: mål, tiltak, team, nesta planar, det dei viser til, og personane og verksemdene i dei. Berre det den som spør har tilgang til, er med."]], [["The plan with all it consists of: goals, measures, team, nested plans, what they refer to, and the people and organisations in them. Only what the caller has access to is included."]])
* jurisdiction = urn:iso:std:iso:3166#NO "Norway"
* affectsState = false
* code = #everything
* resource[0] = #CarePlan
* system = false
* type = false
* instance = true
* parameter[0].name = #_since
* parameter[0].use = #in
* parameter[0].min = 0
* parameter[0].max = "1"
* parameter[0].type = #instant
* parameter[0].documentation = "Bare det som er endret fra og med dette tidspunktet."
* insert TranslatedText(parameter[0].documentation, [["Berre det som er endra frå og med dette tidspunktet."]], [["Only what was changed at or after this time."]])
* parameter[1].name = #_type
* parameter[1].use = #in
* parameter[1].min = 0
* parameter[1].max = "*"
* parameter[1].type = #code
* parameter[1].documentation = "Bare disse ressurstypene."
* insert TranslatedText(parameter[1].documentation, [["Berre desse ressurstypane."]], [["Only these resource types."]])
* parameter[2].name = #_count
* parameter[2].use = #in
* parameter[2].min = 0
* parameter[2].max = "1"
* parameter[2].type = #integer
* parameter[2].documentation = "Hvor mange ressurser det er på hver side."
* insert TranslatedText(parameter[2].documentation, [["Kor mange ressursar det er på kvar side."]], [["How many resources there are on each page."]])
* parameter[3].name = #return
* parameter[3].use = #out
* parameter[3].min = 1
* parameter[3].max = "1"
* parameter[3].type = #Bundle
* parameter[3].documentation = "Et søkesett, i sider."
* insert TranslatedText(parameter[3].documentation, [["Eit søkesett, i sider."]], [["A searchset, in pages."]])
