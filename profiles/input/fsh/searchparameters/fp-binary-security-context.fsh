Instance: fp-binary-security-context
InstanceOf: SearchParameter
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/SearchParameter/fp-binary-security-context"
* version = "0.1.0"
* name = "FpBinarySecurityContext"
* status = #active
* experimental = false
* publisher = "Fellesplan"
* description = "Innhold etter ressursen som avgjør hvem som får se det."
* insert TranslatedText(description, [["Innhald etter ressursen som avgjer kven som får sjå det."]], [["Content by the resource that decides who may see it."]])
* code = #security-context
* base = #Binary
* type = #reference
* expression = "Binary.securityContext"
* xpathUsage = #normal
* target = #Resource
