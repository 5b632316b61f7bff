Invariant: fp-task-1
Description: "Et tiltak har en frist (restriction.period) eller en tid for gjennomføring (executionPeriod)."
Severity: #error
Expression: "restriction.period.exists() or executionPeriod.exists()"
* insert TranslatedText(human, [["Eit tiltak har ein frist (restriction.period) eller ei tid for gjennomføring (executionPeriod)."]], [["A measure has a due date (restriction.period) or a time of execution (executionPeriod)."]])
