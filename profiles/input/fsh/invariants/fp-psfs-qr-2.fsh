Invariant: fp-psfs-qr-2
Description: "En ferdig samtale må ha fra én til fem aktiviteter."
Severity: #error
Expression: "status in ('completed' | 'amended') implies (item.where(linkId = 'activity').count() >= 1 and item.where(linkId = 'activity').count() <= 5)"
* insert TranslatedText(human, [["Ein ferdig samtale må ha frå éin til fem aktivitetar."]], [["A completed conversation must have one to five activities."]])
