// Dates are relative to an anchor: an action without a definition (discharge, homecoming, start) that the others are related to.

Profile: FpPathway
Parent: PlanDefinition
Id: fp-pathway
Title: "Forløp"
Description: "Et forløp som $apply gjør til en plan med tiltak: hva som skal skje, når etter ankeret, og hvilken rolle som er ansvarlig."
* insert Head
* insert TitleIn([["Forløp"]], [["Pathway"]])
* insert DescriptionIn([["Eit forløp som $apply gjer til ein plan med tiltak: kva som skal skje, når etter ankeret, og kva rolle som er ansvarleg."]], [["A pathway that $apply turns into a plan with measures: what is to happen, when after the anchor, and which role is responsible."]])
* url 1..1
* version 1..1
* title 1..1
* type 1..1
* type = $plan-definition-type#clinical-protocol
* action 1..*
* action.id 1..1
* action.title 1..1
* action.participant.role 1..1
* action.participant.role from FpTeamRoleVS (required)
* action.relatedAction.offset[x] 1..1
* action.relatedAction.offset[x] only Duration
* action.definition[x] only canonical
