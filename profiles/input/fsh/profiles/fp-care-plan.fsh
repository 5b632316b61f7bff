// One profile for all kinds of plan. What belongs to a plan is referenced, never written inside it (activity.detail is gone in R5).
// A nested plan or a zone of a self-management plan points at the whole with partOf: CarePlan.activity.reference cannot point at a CarePlan.

Profile: FpCarePlan
Parent: CarePlan
Id: fp-care-plan
Title: "Plan"
Description: "Individuell plan og andre planer som flere tjenester deler: mål, tiltak, team, koordinator og neste gjennomgang."
* insert Head
* insert TitleIn([["Plan"]], [["Plan"]])
* insert DescriptionIn([["Individuell plan og andre planar som fleire tenester deler: mål, tiltak, team, koordinator og neste gjennomgang."]], [["Individual plan and other plans that several services share: goals, measures, team, coordinator and next review."]])
* obeys fp-cp-1 and fp-cp-2 and fp-cp-3 and fp-cp-4 and fp-cp-5
* extension contains FpNextReview named nextReview 0..1 and FpCustodian named custodian 1..1
* identifier 1..*
* insert SlicedBySystem(identifier)
* identifier contains uuid 1..1
* identifier[uuid] obeys fp-uuid-1
* insert IdentifierSlice(uuid, urn:ietf:rfc:3986)
* instantiatesCanonical MS
* instantiatesCanonical ^short = "Forløpet planen kommer fra (fp-pathway)"
* partOf only Reference(FpCarePlan)
* intent = #plan (exactly)
* category 1..*
* category ^slicing.discriminator.type = #value
* category ^slicing.discriminator.path = "$this"
* category ^slicing.rules = #open
* category contains planType 1..1
* category[planType] from FpPlanTypeVS (required)
* title 1..1
* subject only Reference(FpPatient)
* period 1..1
* period.start 1..1
* author only Reference(FpPractitionerRole)
* contributor MS
* careTeam 1..*
* careTeam only Reference(FpCareTeam)
* goal only Reference(FpGoal)
* supportingInfo MS
* activity.detail 0..0
* activity.reference 1..1
* activity.reference only Reference(FpMeasureTask or ServiceRequest or Appointment)
