Profile: FpWhatMatters
Parent: Observation
Id: fp-what-matters
Title: "Hva er viktig for deg?"
Description: "Det personen selv sier er viktig, med egne ord, sagt av personen eller pårørende."
* insert Head
* insert TitleIn([["Kva er viktig for deg?"]], [["What matters to you?"]])
* insert DescriptionIn([["Det personen sjølv seier er viktig, med eigne ord, sagt av personen eller pårørande."]], [["What the person says is important, in their own words, told by the person or next of kin."]])
* code = FpObservation#what-matters
* subject 1..1
* subject only Reference(FpPatient)
* effective[x] 1..1
* effective[x] only dateTime
* performer 1..*
* performer only Reference(FpPatient or FpRelatedPerson)
* value[x] 1..1
* value[x] only string
