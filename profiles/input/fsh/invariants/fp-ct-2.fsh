Invariant: fp-ct-2
Description: "En deltaker som er Practitioner, må oppgi hvilken organisasjon hen handler for."
Severity: #error
Expression: "member.where(reference.matches('(^|/)Practitioner/')).exists() implies onBehalfOf.exists()"
* insert TranslatedText(human, [["Ein deltakar som er Practitioner, må oppgje kva organisasjon hen handlar for."]], [["A participant that is a Practitioner must say which organisation they act for."]])
