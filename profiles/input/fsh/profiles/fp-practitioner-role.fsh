// Where someone works and as what: the member of a team is the role, not the person. Code and specialty slices repeat those of no-basis-PractitionerRole 2.2.2.

Profile: FpPractitionerRole
Parent: PractitionerRole
Id: fp-practitioner-role
Title: "Rolle i en organisasjon"
Description: "Hvem, i hvilken organisasjon, som hva, og hvordan hen nås. Gyldig også etter no-basis-PractitionerRole 2.2.2."
* insert Head
* insert TitleIn([["Rolle i ein organisasjon"]], [["Role in an organisation"]])
* insert DescriptionIn([["Kven, i kva organisasjon, som kva, og korleis ein når vedkomande. Gyldig også etter no-basis-PractitionerRole 2.2.2."]], [["Who, in which organisation, as what, and how to reach them. Valid for no-basis-PractitionerRole 2.2.2 too."]])
* practitioner 1..1
* practitioner only Reference(FpPractitioner or Practitioner)
* organization 1..1
* organization only Reference(FpOrganization)
* code 1..*
* code from FpTeamRoleVS (preferred)
* insert SlicedByCodingSystem(code)
* code contains functions 0..*
* insert ConceptSlice(code, functions, 9034)
* insert SlicedByCodingSystem(specialty)
* specialty contains discipline 0..*
* insert ConceptSlice(specialty, discipline, 8451)
* telecom 1..*
* telecom.value 1..1
