Invariant: fp-psfs-qr-4
Description: "Summen er summen av skårene."
Severity: #error
Expression: "item.where(linkId = 'total').answer.value.all($this = %resource.item.where(linkId = 'activity').item.where(linkId = 'activity.score').answer.value.ofType(integer).sum())"
* insert TranslatedText(human, [["Summen er summen av skårane."]], [["The total is the sum of the scores."]])
