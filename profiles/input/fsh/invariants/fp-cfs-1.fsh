Invariant: fp-cfs-1
Description: "CFS må være et helt tall fra 1 til 9."
Severity: #error
Expression: "value.value.exists() implies value.value in (1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9)"
* insert TranslatedText(human, [["CFS må vere eit heilt tal frå 1 til 9."]], [["CFS must be an integer from 1 to 9."]])
