Invariant: fp-psfs-panel-1
Description: "Gjennomsnittet er fra 0 til 10."
Severity: #error
Expression: "value.value.exists() implies (value.value >= 0 and value.value <= 10)"
* insert TranslatedText(human, [["Gjennomsnittet er frå 0 til 10."]], [["The mean is from 0 to 10."]])
