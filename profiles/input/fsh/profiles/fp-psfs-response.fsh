Profile: FpPsfsResponse
Parent: QuestionnaireResponse
Id: fp-psfs-response
Title: "PSFS: svar fra en samtale"
Description: "Aktivitetene personen har valgt, med skår 0–10, fra én samtale. Skåringene lages av svaret med $extract."
* insert Head
* insert TitleIn([["PSFS: svar frå ein samtale"]], [["PSFS: response of one conversation"]])
* insert DescriptionIn([["Aktivitetane personen har valt, med skår 0–10, frå éin samtale. Skåringane blir laga av svaret med $extract."]], [["The activities the person has chosen, with scores 0–10, from one conversation. The scores are made from the response by $extract."]])
* obeys fp-psfs-qr-1 and fp-psfs-qr-2 and fp-psfs-qr-3 and fp-psfs-qr-4 and fp-psfs-qr-5 and fp-psfs-qr-6
* questionnaire 1..1
* subject 1..1
* subject only Reference(FpPatient)
* authored 1..1
* source only Reference(FpPatient or FpRelatedPerson or FpPractitionerRole or Practitioner)
