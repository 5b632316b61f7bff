Invariant: fp-psfs-qr-5
Description: "Gjennomsnittet må være summen delt på antall aktiviteter, med én desimal eller flere."
Severity: #error
Expression: "item.where(linkId = 'mean').answer.value.all(($this * %resource.item.where(linkId = 'activity').item.where(linkId = 'activity.score').answer.value.ofType(integer).count() - %resource.item.where(linkId = 'activity').item.where(linkId = 'activity.score').answer.value.ofType(integer).sum()).abs() <= 0.05 * %resource.item.where(linkId = 'activity').item.where(linkId = 'activity.score').answer.value.ofType(integer).count())"
* insert TranslatedText(human, [["Gjennomsnittet må vere summen delt på talet på aktivitetar, med éin desimal eller fleire."]], [["The mean must be the total divided by the number of activities, to one decimal or more."]])
