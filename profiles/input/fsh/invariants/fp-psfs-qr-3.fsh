Invariant: fp-psfs-qr-3
Description: "Hver aktivitet må skåres fra 0 til 10."
Severity: #error
Expression: "item.where(linkId = 'activity').item.where(linkId = 'activity.score').answer.value.ofType(integer).all($this >= 0 and $this <= 10)"
* insert TranslatedText(human, [["Kvar aktivitet må skårast frå 0 til 10."]], [["Each activity must be scored from 0 to 10."]])
