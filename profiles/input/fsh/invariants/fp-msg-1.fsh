Invariant: fp-msg-1
Description: "En melding må ikke være mottatt før den er sendt."
Severity: #error
Expression: "where(sent > received).empty()"
* insert TranslatedText(human, [["Ei melding må ikkje vere motteken før ho er send."]], [["A message must not be received before it is sent."]])
