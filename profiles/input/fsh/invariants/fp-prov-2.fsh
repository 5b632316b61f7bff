Invariant: fp-prov-2
Description: "Målet må være en bestemt versjon av ressursen."
Severity: #error
Expression: "reference.exists() implies reference.matches('/_history/[A-Za-z0-9.-]{1,64}$')"
* insert TranslatedText(human, [["Målet må vere ein bestemt versjon av ressursen."]], [["The target must be a specific version of the resource."]])
