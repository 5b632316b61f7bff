Invariant: fp-task-1
Description: "Et tiltak må ha en frist (restriction.period) eller en tid for gjennomføring (executionPeriod)."
Severity: #error
Expression: "restriction.period.exists() or executionPeriod.exists()"
* insert TranslatedText(human, [["Eit tiltak må ha ein frist (restriction.period) eller ei tid for gjennomføring (executionPeriod)."]], [["A measure must have a due date (restriction.period) or a time of execution (executionPeriod)."]])
