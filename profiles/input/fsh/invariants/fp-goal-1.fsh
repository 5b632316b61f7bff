Invariant: fp-goal-1
Description: "Et avsluttet mål skal si om det ble nådd."
Severity: #warning
Expression: "lifecycleStatus = 'completed' implies achievementStatus.exists()"
* insert TranslatedText(human, [["Eit avslutta mål skal seie om det vart nådd."]], [["A completed goal should say whether it was achieved."]])
