Invariant: fp-aud-2
Description: "Nøyaktig én aktør skal ha bedt om tilgangen."
Severity: #error
Expression: "agent.where(requestor = true).count() = 1"
* insert TranslatedText(human, [["Nøyaktig éin aktør skal ha bede om tilgangen."]], [["Exactly one agent must have asked for the access."]])
