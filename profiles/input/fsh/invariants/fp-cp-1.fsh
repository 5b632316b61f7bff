Invariant: fp-cp-1
Description: "En aktiv plan har minst ett mål."
Severity: #error
Expression: "status = 'active' implies goal.exists()"
* insert TranslatedText(human, [["Ein aktiv plan har minst eitt mål."]], [["An active plan has at least one goal."]])
