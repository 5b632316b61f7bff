// Two purposes: that the plan is made, and that named services may see it. A nested provision with type deny is a block (sperring).

Profile: FpConsent
Parent: Consent
Id: fp-consent
Title: "Samtykke"
Description: "Samtykke til at planen lages, eller til at navngitte tjenester får se den; med sperringer for dem som ikke skal se den."
* insert Head
* insert TitleIn([["Samtykke"]], [["Consent"]])
* insert DescriptionIn([["Samtykke til at planen blir laga, eller til at namngjevne tenester får sjå han; med sperringar for dei som ikkje skal sjå han."]], [["Consent that the plan is made, or that named services may see it; with blocks for those who may not see it."]])
* obeys fp-con-1
* scope = $consent-scope#patient-privacy
* category 1..1
* category from FpConsentPurposeVS (required)
* patient 1..1
* patient only Reference(FpPatient)
* dateTime 1..1
* performer 1..*
* performer only Reference(FpPatient or FpRelatedPerson)
* organization only Reference(FpOrganization)
* provision 1..1
* provision.type 1..1
* provision.type = #permit (exactly)
* provision.period 1..1
* provision.period.start 1..1
* provision.actor.reference only Reference(FpOrganization or FpPractitionerRole or Practitioner or FpCareTeam or FpRelatedPerson or FpPatient)
* provision obeys fp-con-2 and fp-con-3
