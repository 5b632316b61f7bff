Invariant: fp-msg-1
Description: "En melding er ikke mottatt før den er sendt."
Severity: #error
Expression: "where(sent > received).empty()"
* insert TranslatedText(human, [["Ei melding er ikkje motteken før ho er send."]], [["A message is not received before it is sent."]])
