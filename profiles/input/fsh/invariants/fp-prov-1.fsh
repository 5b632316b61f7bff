Invariant: fp-prov-1
Description: "Helsepersonell må oppgi hvilken organisasjon de handler for."
Severity: #error
Expression: "who.where(reference.matches('(^|/)Practitioner(Role)?/')).exists() implies onBehalfOf.exists()"
* insert TranslatedText(human, [["Helsepersonell må oppgje kva organisasjon dei handlar for."]], [["Health personnel must say which organisation they act for."]])
