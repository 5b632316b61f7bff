Invariant: fp-uuid-1
Description: "Identifikatoren til en plan er urn:uuid: og en UUID med små bokstaver."
Severity: #error
Expression: "value.exists() implies value.matches('^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$')"
* insert TranslatedText(human, [["Identifikatoren til ein plan er urn:uuid: og ein UUID med små bokstavar."]], [["The identifier of a plan is urn:uuid: and a UUID in lower case."]])
