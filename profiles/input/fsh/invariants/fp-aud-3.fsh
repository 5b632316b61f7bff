// Whoever is refused before they are known has told no purpose.

Invariant: fp-aud-3
Description: "En tilgang som ble gitt, må ha et formål."
Severity: #error
Expression: "outcome = '0' implies purposeOfEvent.exists()"
* insert TranslatedText(human, [["Ein tilgang som vart gjeven, må ha eit føremål."]], [["An access that was given must have a purpose."]])
