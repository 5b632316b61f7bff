Instance: fp-pathway-bti
InstanceOf: FpPathway
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/PlanDefinition/fp-pathway-bti"
* version = "0.1.0"
* name = "FpPathwayBti"
* title = "Bedre tverrfaglig innsats"
* insert TranslatedText(title, [["Betre tverrfagleg innsats"]], [["Better interdisciplinary effort"]])
* type = $plan-definition-type#clinical-protocol
* status = #active
* experimental = false
* publisher = "Fellesplan"
* description = "Nivåene i Bedre tverrfaglig innsats, regnet fra dagen undringen ble meldt. Et nivå settes i verk bare når det forrige ikke var nok."
* insert TranslatedText(description, [["Nivåa i Betre tverrfagleg innsats, rekna frå dagen undringa vart meld. Eit nivå blir sett i verk berre når det førre ikkje var nok."]], [["The levels of Better interdisciplinary effort, counted from the day the worry was told. A level is put into effect only when the one before was not enough."]])
* action[+]
  * id = "start"
  * title = "Undringen er meldt"
  * insert TranslatedText(title, [["Undringa er meld"]], [["The worry is told"]])
* action[+]
  * id = "bti0"
  * title = "Avklare undringen med leder, barn og foresatte"
  * insert TranslatedText(title, [["Avklare undringa med leiar, barn og føresette"]], [["Clarify the worry with leader, child and parents"]])
  * definitionCanonical = "https://fellesplan.example/fhir/ActivityDefinition/fp-bti0"
  * participant.type = #practitioner
  * participant.role = FpTeamRole#helsesykepleier
  * relatedAction.actionId = "start"
  * relatedAction.relationship = #after-end
  * relatedAction.offsetDuration = 14 'd'
* action[+]
  * id = "bti1"
  * title = "Tiltak i egen tjeneste, med samtykke til logg"
  * insert TranslatedText(title, [["Tiltak i eiga teneste, med samtykke til logg"]], [["Measures in own service, with consent to the log"]])
  * definitionCanonical = "https://fellesplan.example/fhir/ActivityDefinition/fp-bti1"
  * participant.type = #practitioner
  * participant.role = FpTeamRole#helsesykepleier
  * relatedAction.actionId = "start"
  * relatedAction.relationship = #after-end
  * relatedAction.offsetDuration = 42 'd'
* action[+]
  * id = "bti2"
  * title = "Nettverksmøte og tiltak fra to tjenester"
  * insert TranslatedText(title, [["Nettverksmøte og tiltak frå to tenester"]], [["Network meeting and measures of two services"]])
  * definitionCanonical = "https://fellesplan.example/fhir/ActivityDefinition/fp-bti2"
  * participant.type = #practitioner
  * participant.role = FpTeamRole#koordinator
  * relatedAction.actionId = "start"
  * relatedAction.relationship = #after-end
  * relatedAction.offsetDuration = 84 'd'
* action[+]
  * id = "bti3"
  * title = "Samordnede tiltak fra flere tjenester"
  * insert TranslatedText(title, [["Samordna tiltak frå fleire tenester"]], [["Coordinated measures of several services"]])
  * definitionCanonical = "https://fellesplan.example/fhir/ActivityDefinition/fp-bti3"
  * participant.type = #practitioner
  * participant.role = FpTeamRole#barnekoordinator
  * relatedAction.actionId = "start"
  * relatedAction.relationship = #after-end
  * relatedAction.offsetDuration = 126 'd'
