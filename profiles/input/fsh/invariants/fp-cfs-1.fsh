Invariant: fp-cfs-1
Description: "CFS er et helt tall fra 1 til 9."
Severity: #error
Expression: "value.value.exists() implies value.value in (1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9)"
* insert TranslatedText(human, [["CFS er eit heilt tal frå 1 til 9."]], [["CFS is an integer from 1 to 9."]])
