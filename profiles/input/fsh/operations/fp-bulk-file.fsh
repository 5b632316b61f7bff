Instance: fp-bulk-file
InstanceOf: OperationDefinition
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/OperationDefinition/fp-bulk-file"
* version = "0.1.0"
* name = "BulkFile"
* title = "Fil fra en bakgrunnsjobb"
* insert TranslatedText(title, [["Fil frå ein bakgrunnsjobb"]], [["File of a background job"]])
* status = #active
* kind = #operation
* experimental = false
* date = "2026-11-22"
* publisher = "Fellesplan"
* description = "En fil som en eksport eller import har laget, som NDJSON. Manifestet fra bulk-status nevner adressene."
* insert TranslatedText(description, [["Ei fil som ein eksport eller import har laga, som NDJSON. Manifestet frå bulk-status nemner adressene."]], [["A file that an export or import has made, as NDJSON. The manifest of bulk-status names the addresses."]])
* jurisdiction = urn:iso:std:iso:3166#NO "Norway"
* affectsState = false
* code = #bulk-file
* system = true
* type = false
* instance = false
* parameter[0].name = #job
* parameter[0].use = #in
* parameter[0].min = 1
* parameter[0].max = "1"
* parameter[0].type = #string
* parameter[0].documentation = "Jobben filen hører til."
* insert TranslatedText(parameter[0].documentation, [["Jobben fila høyrer til."]], [["The job that the file belongs to."]])
* parameter[1].name = #file
* parameter[1].use = #in
* parameter[1].min = 1
* parameter[1].max = "1"
* parameter[1].type = #string
* parameter[1].documentation = "Navnet på filen."
* insert TranslatedText(parameter[1].documentation, [["Namnet på fila."]], [["The name of the file."]])
* parameter[2].name = #return
* parameter[2].use = #out
* parameter[2].min = 1
* parameter[2].max = "1"
* parameter[2].type = #Binary
* parameter[2].documentation = "Innholdet, som application/fhir+ndjson."
* insert TranslatedText(parameter[2].documentation, [["Innhaldet, som application/fhir+ndjson."]], [["The content, as application/fhir+ndjson."]])
