// What the issues of a validation are coded with; the codes are many, and are not listed.
CodeSystem: FpValidationRule
Id: fp-validation-rule
Title: "Regel i valideringen"
Description: "Hvilken regel en sak i et OperationOutcome kommer fra: nøkkelen til en invariant (fp-goal-1, dom-6), eller navnet på en kontroll i valideringen (min, binding-required, coding-unknown-code)."
* insert Head
* insert TitleIn([["Regel i valideringa"]], [["Rule of the validation"]])
* insert DescriptionIn([["Kva regel ei sak i eit OperationOutcome kjem frå: nøkkelen til ein invariant (fp-goal-1, dom-6), eller namnet på ein kontroll i valideringa (min, binding-required, coding-unknown-code)."]], [["The rule that an issue of an OperationOutcome comes from: the key of an invariant (fp-goal-1, dom-6), or the name of a check of the validation (min, binding-required, coding-unknown-code)."]])
* ^caseSensitive = true
* ^experimental = false
* ^content = #not-present
