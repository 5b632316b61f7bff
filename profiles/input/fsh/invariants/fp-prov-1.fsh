Invariant: fp-prov-1
Description: "Helsepersonell handler for en organisasjon."
Severity: #error
Expression: "who.where(reference.matches('(^|/)Practitioner(Role)?/')).exists() implies onBehalfOf.exists()"
* insert TranslatedText(human, [["Helsepersonell handlar for ein organisasjon."]], [["Health personnel act for an organisation."]])
