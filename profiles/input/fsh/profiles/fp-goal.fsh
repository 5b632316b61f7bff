Profile: FpGoal
Parent: Goal
Id: fp-goal
Title: "Mål"
Description: "Et mål i planen, sagt med personens egne ord. Den som eier tiltakene for målet, er ansvarlig for det."
* insert Head
* insert TitleIn([["Mål"]], [["Goal"]])
* insert DescriptionIn([["Eit mål i planen, sagt med personens eigne ord. Den som eig tiltaka for målet, er ansvarleg for det."]], [["A goal of the plan in the person's own words. Whoever owns the measures of the goal is responsible for it."]])
* obeys fp-goal-1
* achievementStatus MS
* description.text 1..1
* subject only Reference(FpPatient)
* start[x] 1..1
* start[x] only date
* expressedBy 1..1
* expressedBy only Reference(FpPatient or FpRelatedPerson or FpPractitionerRole or Practitioner)
* addresses only Reference(FpWhatMatters or Condition or ServiceRequest or RiskAssessment)
* target.detail[x] 1..1
