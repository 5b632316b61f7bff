// The sliced roles say who a participant with that role may be; a participant has one of the sliced roles, and may have any number of others.

Profile: FpCareTeam
Parent: CareTeam
Id: fp-care-team
Title: "Oppfølgingsteam"
Description: "Personen, koordinatoren og dem som følger opp, med roller og kontaktopplysninger."
* insert Head
* insert TitleIn([["Oppfølgingsteam"]], [["Care team"]])
* insert DescriptionIn([["Personen, koordinatoren og dei som følgjer opp, med roller og kontaktopplysningar."]], [["The person, the coordinator and those who follow up, with roles and contacts."]])
* obeys fp-ct-1 and fp-ct-3
* status 1..1
* name 1..1
* subject 1..1
* subject only Reference(FpPatient)
* managingOrganization 1..*
* managingOrganization only Reference(FpOrganization)
* telecom MS
* participant 1..*
* participant obeys fp-ct-2
* participant.role 1..*
* participant.role from FpTeamRoleVS (extensible)
* participant.member 1..1
* participant.member only Reference(FpPractitionerRole or Practitioner or FpPatient or FpRelatedPerson or FpOrganization)
* participant ^slicing.discriminator.type = #pattern
* participant ^slicing.discriminator.path = "role"
* participant ^slicing.rules = #open
* participant contains coordinator 0..* and childrensCoordinator 0..* and patient 0..1 and relatedPerson 0..* and guardian 0..* and gp 0..*
* participant[coordinator].role = FpTeamRole#koordinator
* participant[coordinator].member only Reference(FpPractitionerRole)
* participant[childrensCoordinator].role = FpTeamRole#barnekoordinator
* participant[childrensCoordinator].member only Reference(FpPractitionerRole)
* participant[patient].role = FpTeamRole#pasient
* participant[patient].member only Reference(FpPatient)
* participant[relatedPerson].role = FpTeamRole#parorende
* participant[relatedPerson].member only Reference(FpRelatedPerson)
* participant[guardian].role = FpTeamRole#foresatt
* participant[guardian].member only Reference(FpRelatedPerson)
* participant[gp].role = FpTeamRole#fastlege
* participant[gp].member only Reference(FpPractitionerRole or Practitioner or FpOrganization)
