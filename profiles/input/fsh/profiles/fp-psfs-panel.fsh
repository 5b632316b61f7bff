// Made by $extract from the response, never by hand. Change and interpretation from the second conversation on.

Profile: FpPsfsPanel
Parent: Observation
Id: fp-psfs-panel
Title: "PSFS: én samtale"
Description: "Gjennomsnitt, sum og endring for én samtale, med skårene som deler."
* insert Head
* insert TitleIn([["PSFS: éin samtale"]], [["PSFS: one conversation"]])
* insert DescriptionIn([["Gjennomsnitt, sum og endring for éin samtale, med skårane som delar."]], [["Mean, total and change of one conversation, with the scores as members."]])
* obeys fp-psfs-panel-1 and fp-psfs-panel-2 and fp-psfs-panel-3 and fp-psfs-panel-4 and fp-psfs-panel-5 and fp-psfs-panel-6
* insert Survey
* code = FpScore#psfs-panel
* subject 1..1
* subject only Reference(FpPatient)
* effective[x] 1..1
* effective[x] only dateTime
* value[x] 1..1
* value[x] only Quantity
* valueQuantity.value 1..1
* valueQuantity = $ucum#{score}
* interpretation 0..1
* interpretation from FpPsfsChangeVS (required)
* hasMember 1..5
* hasMember only Reference(FpPsfsScore)
* derivedFrom 1..*
* derivedFrom only Reference(FpPsfsResponse)
* insert SlicedByCode
* component contains direction 1..1 and conversation 1..1 and total 1..1 and change 0..1
* insert DirectionComponent
* component[conversation].code = FpScore#psfs-conversation
* component[conversation].value[x] 1..1
* component[conversation].value[x] only integer
* component[conversation].valueInteger ^minValueInteger = 1
* component[total].code = FpScore#psfs-total
* component[total].value[x] 1..1
* component[total].value[x] only integer
* component[total].valueInteger ^minValueInteger = 0
* component[total].valueInteger ^maxValueInteger = 50
* component[change].code = FpScore#psfs-change
* component[change].value[x] 1..1
* component[change].value[x] only Quantity
* component[change].valueQuantity.value 1..1
