Invariant: fp-psfs-qr-4
Description: "Totalen må være summen av skårene."
Severity: #error
Expression: "item.where(linkId = 'total').answer.value.all($this = %resource.item.where(linkId = 'activity').item.where(linkId = 'activity.score').answer.value.ofType(integer).sum())"
* insert TranslatedText(human, [["Totalen må vere summen av skårane."]], [["The total must be the sum of the scores."]])
