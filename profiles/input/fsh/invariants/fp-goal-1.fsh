Invariant: fp-goal-1
Description: "Et avsluttet mål sier om det ble nådd."
Severity: #warning
Expression: "lifecycleStatus = 'completed' implies achievementStatus.exists()"
* insert TranslatedText(human, [["Eit avslutta mål seier om det vart nådd."]], [["A completed goal says whether it was achieved."]])
