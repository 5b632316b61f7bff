Instance: fp-import
InstanceOf: OperationDefinition
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/OperationDefinition/fp-import"
* version = "0.1.0"
* name = "Import"
* title = "Import"
* insert TranslatedText(title, [["Import"]], [["Import"]])
* status = #active
* kind = #operation
* experimental = false
* date = "2026-11-22"
* publisher = "Fellesplan"
* description = "Lagrer mange ressurser i bakgrunnen. Forespørselen har NDJSON som innhold (application/fhir+ndjson, en ressurs på hver linje) og Prefer: respond-async. En linje med id er en update, som også oppretter; en uten er en create. Hver linje står for seg selv og møter de samme kontrollene som en direkte forespørsel. En linje kan være så lang som innholdet i en direkte forespørsel, og alle til sammen 200 ganger så lange. Svaret er 202 med adressen til statusen i Content-Location."
* insert TranslatedText(description, [["Lagrar mange ressursar i bakgrunnen. Førespurnaden har NDJSON som innhald (application/fhir+ndjson, ein ressurs på kvar linje) og Prefer: respond-async. Ei linje med id er ein update, som òg opprettar; ei utan er ein create. Kvar linje står for seg sjølv og møter dei same kontrollane som ein direkte førespurnad. Ei linje kan vere så lang som innhaldet i ein direkte førespurnad, og alle til saman 200 gonger så lange. Svaret er 202 med adressa til statusen i Content-Location."]], [["Stores many resources in the background. The request has NDJSON as its content (application/fhir+ndjson, a resource on each line) and Prefer: respond-async. A line with an id is an update, which also creates; one without is a create. Each line stands for itself and meets the same checks as a direct request. A line may be as long as the body of a direct request, and all of them 200 times that. The answer is 202 with the address of the status in Content-Location."]])
* jurisdiction = urn:iso:std:iso:3166#NO "Norway"
* affectsState = true
* code = #import
* system = true
* type = false
* instance = false
