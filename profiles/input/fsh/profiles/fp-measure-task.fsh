// HPH steps carry a second coding in code from fp-hph-step, BTI steps one from fp-bti-level.

Profile: FpMeasureTask
Parent: Task
Id: fp-measure-task
Title: "Tiltak"
Description: "Hvem gjør hva, når, for hvilket mål."
* insert Head
* insert TitleIn([["Tiltak"]], [["Measure"]])
* insert DescriptionIn([["Kven gjer kva, når, for kva mål."]], [["Who does what, when, for which goal."]])
* obeys fp-task-1
* basedOn only Reference(FpCarePlan or ServiceRequest)
* partOf only Reference(FpMeasureTask)
* intent = #order (exactly)
* code 1..1
* code from FpMeasureTypeVS (required)
* description 1..1
* focus only Reference(FpGoal)
* for 1..1
* for only Reference(FpPatient)
* owner 1..1
* owner only Reference(FpPractitionerRole or FpPatient or FpRelatedPerson or FpOrganization)
* requester MS
* businessStatus MS
