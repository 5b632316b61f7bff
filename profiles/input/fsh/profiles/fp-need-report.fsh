Profile: FpNeedReport
Parent: ServiceRequest
Id: fp-need-report
Title: "Melding om behov"
Description: "Melding til koordinerende enhet om behov for koordinator, individuell plan eller oppfølgingsteam."
* insert Head
* insert TitleIn([["Melding om behov"]], [["Report of need"]])
* insert DescriptionIn([["Melding til koordinerande eining om behov for koordinator, individuell plan eller oppfølgingsteam."]], [["Report to the coordinating unit of a need for a coordinator, an individual plan or a care team."]])
* code 1..1
* code from FpNeedTypeVS (required)
* subject only Reference(FpPatient)
* authoredOn 1..1
* requester 1..1
* requester only Reference(FpPractitionerRole or Practitioner or FpOrganization or FpPatient or FpRelatedPerson)
* performer 1..*
* performer only Reference(FpOrganization)
