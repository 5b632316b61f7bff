Instance: fp-diff
InstanceOf: OperationDefinition
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/OperationDefinition/fp-diff"
* version = "0.1.0"
* name = "Diff"
* title = "Forskjell mellom versjoner"
* insert TranslatedText(title, [["Skilnad mellom versjonar"]], [["Difference between versions"]])
* status = #active
* kind = #operation
* experimental = false
* date = "2026-11-22"
* publisher = "Fellesplan"
* description = "Hva som er endret mellom to versjoner av en ressurs, element for element, som operasjonene i en FHIRPath Patch som fører fra den ene til den andre, hver med verdien før. Uten from og to: gjeldende versjon mot den før."
* insert TranslatedText(description, [["Kva som er endra mellom to versjonar av ein ressurs, element for element, som operasjonane i ein FHIRPath Patch som fører frå den eine til den andre, kvar med verdien før. Utan from og to: gjeldande versjon mot den før."]], [["What changed between two versions of a resource, element by element, as the operations of a FHIRPath Patch that lead from the one to the other, each with the value before. Without from and to: the current version against the one before it."]])
* jurisdiction = urn:iso:std:iso:3166#NO "Norway"
* affectsState = false
* code = #diff
* resource[0] = #Resource
* system = false
* type = false
* instance = true
* parameter[0].name = #from
* parameter[0].use = #in
* parameter[0].min = 0
* parameter[0].max = "1"
* parameter[0].type = #string
* parameter[0].documentation = "Nummeret på versjonen det sammenlignes med. Uten: den før to."
* insert TranslatedText(parameter[0].documentation, [["Nummeret på versjonen det blir samanlikna med. Utan: den før to."]], [["The number of the version compared with. Left out: the one before to."]])
* parameter[1].name = #to
* parameter[1].use = #in
* parameter[1].min = 0
* parameter[1].max = "1"
* parameter[1].type = #string
* parameter[1].documentation = "Nummeret på versjonen som sammenlignes. Uten: den gjeldende."
* insert TranslatedText(parameter[1].documentation, [["Nummeret på versjonen som blir samanlikna. Utan: den gjeldande."]], [["The number of the version that is compared. Left out: the current one."]])
* parameter[2].name = #includeMeta
* parameter[2].use = #in
* parameter[2].min = 0
* parameter[2].max = "1"
* parameter[2].type = #boolean
* parameter[2].documentation = "False utelater meta. Versjon og endringstid er aldri med."
* insert TranslatedText(parameter[2].documentation, [["False utelèt meta. Versjon og endringstid er aldri med."]], [["False leaves meta out. Version and time of change are never told."]])
* parameter[3].name = #return
* parameter[3].use = #out
* parameter[3].min = 1
* parameter[3].max = "1"
* parameter[3].type = #Parameters
* parameter[3].documentation = "En operation for hver endring, i den rekkefølgen en patch utfører dem. Tom når versjonene er like."
* insert TranslatedText(parameter[3].documentation, [["Ein operation for kvar endring, i den rekkjefølgja ein patch utfører dei. Tom når versjonane er like."]], [["An operation for each change, in the order in which a patch carries them out. Empty when the versions are the same."]])
