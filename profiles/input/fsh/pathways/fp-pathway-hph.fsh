Instance: fp-pathway-hph
InstanceOf: FpPathway
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/PlanDefinition/fp-pathway-hph"
* version = "0.1.0"
* name = "FpPathwayHph"
* title = "Helhetlig pasientforløp i hjemmet"
* insert TranslatedText(title, [["Heilskapleg pasientforløp i heimen"]], [["Whole patient pathway at home"]])
* type = $plan-definition-type#clinical-protocol
* status = #active
* experimental = false
* publisher = "Fellesplan"
* description = "Fra utskriving til fireukerssamtale. HPH4 og HPH6 har ingen frist: de utløses av det som hender."
* insert TranslatedText(description, [["Frå utskriving til firevekerssamtale. HPH4 og HPH6 har ingen frist: dei blir utløyste av det som hender."]], [["From discharge to the four-week talk. HPH4 and HPH6 have no due date: what happens sets them off."]])
* action[+]
  * id = "discharge"
  * title = "Utskriving"
  * insert TranslatedText(title, [["Utskriving"]], [["Discharge"]])
* action[+]
  * id = "homecoming"
  * title = "Hjemkomst"
  * insert TranslatedText(title, [["Heimkomst"]], [["Homecoming"]])
* action[+]
  * id = "hph0"
  * title = "Utskriving fra sykehus"
  * insert TranslatedText(title, [["Utskriving frå sjukehus"]], [["Discharge from hospital"]])
  * definitionCanonical = "https://fellesplan.example/fhir/ActivityDefinition/fp-hph0"
  * participant.type = #practitioner
  * participant.role = FpTeamRole#sykehuskoordinator
  * relatedAction.actionId = "discharge"
  * relatedAction.relationship = #concurrent
  * relatedAction.offsetDuration = 0 'd'
* action[+]
  * id = "hph1"
  * title = "Forberede hjemkomst"
  * insert TranslatedText(title, [["Førebu heimkomst"]], [["Prepare homecoming"]])
  * definitionCanonical = "https://fellesplan.example/fhir/ActivityDefinition/fp-hph1"
  * participant.type = #practitioner
  * participant.role = FpTeamRole#hjemmesykepleier
  * relatedAction.actionId = "homecoming"
  * relatedAction.relationship = #before-start
  * relatedAction.offsetDuration = 1 'd'
* action[+]
  * id = "hph2"
  * title = "Strukturert oppfølging av sykepleier innen 3 dager"
  * insert TranslatedText(title, [["Strukturert oppfølging av sjukepleiar innan 3 dagar"]], [["Structured nurse follow-up within 3 days"]])
  * definitionCanonical = "https://fellesplan.example/fhir/ActivityDefinition/fp-hph2"
  * participant.type = #practitioner
  * participant.role = FpTeamRole#hjemmesykepleier
  * relatedAction.actionId = "homecoming"
  * relatedAction.relationship = #after-end
  * relatedAction.offsetDuration = 3 'd'
* action[+]
  * id = "hph3"
  * title = "Forberede legekonsultasjon"
  * insert TranslatedText(title, [["Førebu legekonsultasjon"]], [["Prepare GP visit"]])
  * definitionCanonical = "https://fellesplan.example/fhir/ActivityDefinition/fp-hph3"
  * participant.type = #practitioner
  * participant.role = FpTeamRole#hjemmesykepleier
  * relatedAction.actionId = "homecoming"
  * relatedAction.relationship = #after-end
  * relatedAction.offsetDuration = 14 'd'
* action[+]
  * id = "hph4"
  * title = "Ved forverring, fall eller kontakt med legevakt"
  * insert TranslatedText(title, [["Ved forverring, fall eller kontakt med legevakt"]], [["At decline, fall or contact with out-of-hours services"]])
  * definitionCanonical = "https://fellesplan.example/fhir/ActivityDefinition/fp-hph4"
  * participant.type = #practitioner
  * participant.role = FpTeamRole#hjemmesykepleier
* action[+]
  * id = "hph5"
  * title = "Fireukerssamtale og ny vurdering"
  * insert TranslatedText(title, [["Firevekerssamtale og ny vurdering"]], [["Four-week talk and reassessment"]])
  * definitionCanonical = "https://fellesplan.example/fhir/ActivityDefinition/fp-hph5"
  * participant.type = #practitioner
  * participant.role = FpTeamRole#hjemmesykepleier
  * relatedAction.actionId = "homecoming"
  * relatedAction.relationship = #after-end
  * relatedAction.offsetDuration = 28 'd'
* action[+]
  * id = "hph6"
  * title = "Opplysninger til sykehus ved innleggelse"
  * insert TranslatedText(title, [["Opplysningar til sjukehus ved innlegging"]], [["Information to hospital at admission"]])
  * definitionCanonical = "https://fellesplan.example/fhir/ActivityDefinition/fp-hph6"
  * participant.type = #practitioner
  * participant.role = FpTeamRole#hjemmesykepleier
