Invariant: fp-uuid-1
Description: "Identifikatoren til en plan må være urn:uuid: og en UUID med små bokstaver."
Severity: #error
Expression: "value.exists() implies value.matches('^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$')"
* insert TranslatedText(human, [["Identifikatoren til ein plan må vere urn:uuid: og ein UUID med små bokstavar."]], [["The identifier of a plan must be urn:uuid: and a UUID in lower case."]])
