Invariant: fp-psfs-panel-1
Description: "Gjennomsnittet må være fra 0 til 10."
Severity: #error
Expression: "value.value.exists() implies (value.value >= 0 and value.value <= 10)"
* insert TranslatedText(human, [["Gjennomsnittet må vere frå 0 til 10."]], [["The mean must be from 0 to 10."]])
