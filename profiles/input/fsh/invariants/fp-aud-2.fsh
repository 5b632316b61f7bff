Invariant: fp-aud-2
Description: "Nøyaktig én aktør ba om tilgangen."
Severity: #error
Expression: "agent.where(requestor = true).count() = 1"
* insert TranslatedText(human, [["Nøyaktig éin aktør bad om tilgangen."]], [["Exactly one agent asked for the access."]])
