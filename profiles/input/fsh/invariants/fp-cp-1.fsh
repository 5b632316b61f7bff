Invariant: fp-cp-1
Description: "En aktiv plan må ha minst ett mål."
Severity: #error
Expression: "status = 'active' implies goal.exists()"
* insert TranslatedText(human, [["Ein aktiv plan må ha minst eitt mål."]], [["An active plan must have at least one goal."]])
