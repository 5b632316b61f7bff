Extension: FpNextReview
Id: fp-next-review
Title: "Neste gjennomgang"
Description: "Datoen planen skal gås gjennom og eventuelt endres."
Context: CarePlan
* insert Head
* insert TitleIn([["Neste gjennomgang"]], [["Next review"]])
* insert DescriptionIn([["Datoen planen skal gåast gjennom og eventuelt endrast."]], [["The date when the plan is to be revised."]])
* value[x] only date
* value[x] 1..1
