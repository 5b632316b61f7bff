Instance: fp-bulk-status
InstanceOf: OperationDefinition
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/OperationDefinition/fp-bulk-status"
* version = "0.1.0"
* name = "BulkStatus"
* title = "Status for en bakgrunnsjobb"
* insert TranslatedText(title, [["Status for ein bakgrunnsjobb"]], [["Status of a background job"]])
* status = #active
* kind = #operation
* experimental = false
* date = "2026-11-22"
* publisher = "Fellesplan"
* description = "Hvor langt en eksport eller import er kommet. GET gir 202 med X-Progress og Retry-After mens jobben går, og 200 med manifestet (application/json) når den er ferdig. DELETE avbryter jobben og sletter filene."
* insert TranslatedText(description, [["Kor langt ein eksport eller import er komen. GET gir 202 med X-Progress og Retry-After medan jobben går, og 200 med manifestet (application/json) når han er ferdig. DELETE avbryt jobben og slettar filene."]], [["How far an export or import is. GET gives 202 with X-Progress and Retry-After while the job runs, and 200 with the manifest (application/json) when it is done. DELETE cancels the job and deletes the files."]])
* jurisdiction = urn:iso:std:iso:3166#NO "Norway"
* affectsState = true
* code = #bulk-status
* system = true
* type = false
* instance = false
* parameter[0].name = #job
* parameter[0].use = #in
* parameter[0].min = 1
* parameter[0].max = "1"
* parameter[0].type = #string
* parameter[0].documentation = "Jobben, slik Content-Location nevner den."
* insert TranslatedText(parameter[0].documentation, [["Jobben, slik Content-Location nemner han."]], [["The job, as Content-Location names it."]])
