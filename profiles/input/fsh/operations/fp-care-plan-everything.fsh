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
* parameter[0].name = #start
* parameter[0].use = #in
* parameter[0].min = 0
* parameter[0].max = "1"
* parameter[0].type = #date
* parameter[0].documentation = "Bare det som gjaldt på eller etter denne dagen. Det som ikke har noen dato, er med."
* insert TranslatedText(parameter[0].documentation, [["Berre det som galdt på eller etter denne dagen. Det som ikkje har nokon dato, er med."]], [["Only what took place on or after this day. What has no date is included."]])
* parameter[1].name = #end
* parameter[1].use = #in
* parameter[1].min = 0
* parameter[1].max = "1"
* parameter[1].type = #date
* parameter[1].documentation = "Bare det som gjaldt på eller før denne dagen. Det som ikke har noen dato, er med."
* insert TranslatedText(parameter[1].documentation, [["Berre det som galdt på eller før denne dagen. Det som ikkje har nokon dato, er med."]], [["Only what took place on or before this day. What has no date is included."]])
* parameter[2].name = #_since
* parameter[2].use = #in
* parameter[2].min = 0
* parameter[2].max = "1"
* parameter[2].type = #instant
* parameter[2].documentation = "Bare det som er endret fra og med dette tidspunktet."
* insert TranslatedText(parameter[2].documentation, [["Berre det som er endra frå og med dette tidspunktet."]], [["Only what was changed at or after this time."]])
* parameter[3].name = #_type
* parameter[3].use = #in
* parameter[3].min = 0
* parameter[3].max = "*"
* parameter[3].type = #code
* parameter[3].documentation = "Bare disse ressurstypene."
* insert TranslatedText(parameter[3].documentation, [["Berre desse ressurstypane."]], [["Only these resource types."]])
* parameter[4].name = #_count
* parameter[4].use = #in
* parameter[4].min = 0
* parameter[4].max = "1"
* parameter[4].type = #integer
* parameter[4].documentation = "Hvor mange ressurser det er på hver side."
* insert TranslatedText(parameter[4].documentation, [["Kor mange ressursar det er på kvar side."]], [["How many resources there are on each page."]])
* parameter[5].name = #return
* parameter[5].use = #out
* parameter[5].min = 1
* parameter[5].max = "1"
* parameter[5].type = #Bundle
* parameter[5].documentation = "Et søkesett, i sider."
* insert TranslatedText(parameter[5].documentation, [["Eit søkesett, i sider."]], [["A searchset, in pages."]])
