Profile: FpCfsResponse
Parent: QuestionnaireResponse
Id: fp-cfs-response
Title: "CFS: svar på skjemaet"
Description: "Nivå på Clinical Frailty Scale og datoen vurderingen gjelder. Skåringen lages av svaret med $extract."
* insert Head
* insert TitleIn([["CFS: svar på skjemaet"]], [["CFS: response"]])
* insert DescriptionIn([["Nivå på Clinical Frailty Scale og datoen vurderinga gjeld. Skåringa blir laga av svaret med $extract."]], [["Level on the Clinical Frailty Scale and the date it is about. The score is made from the response by $extract."]])
* obeys fp-cfs-qr-1
* questionnaire 1..1
* subject 1..1
* subject only Reference(FpPatient)
* authored 1..1
* author only Reference(FpPractitionerRole or Practitioner)
