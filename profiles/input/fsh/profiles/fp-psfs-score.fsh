// Made by $extract from the response, never by hand.

Profile: FpPsfsScore
Parent: Observation
Id: fp-psfs-score
Title: "PSFS: skår for én aktivitet"
Description: "Hvor godt personen klarer én aktivitet, 0–10, med retningen på skalaen."
* insert Head
* insert TitleIn([["PSFS: skår for éin aktivitet"]], [["PSFS: score of one activity"]])
* insert DescriptionIn([["Kor godt personen klarer éin aktivitet, 0–10, med retninga på skalaen."]], [["How well the person can do one activity, 0–10, with the direction of the scale."]])
* insert Survey
* code = FpScore#psfs-activity
* code.text 1..1
* subject 1..1
* subject only Reference(FpPatient)
* focus only Reference(FpGoal)
* effective[x] 1..1
* effective[x] only dateTime
* value[x] 1..1
* value[x] only integer
* valueInteger ^minValueInteger = 0
* valueInteger ^maxValueInteger = 10
* derivedFrom 1..*
* derivedFrom only Reference(FpPsfsResponse)
* insert SlicedByCode
* component contains direction 1..1
* insert DirectionComponent
