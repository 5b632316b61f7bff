Instance: fp-careteam-member-role
InstanceOf: SearchParameter
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/SearchParameter/fp-careteam-member-role"
* version = "0.1.0"
* name = "FpCareteamMemberRole"
* status = #active
* experimental = false
* publisher = "Fellesplan"
* description = "Oppfølgingsteam der noen har denne rollen."
* insert TranslatedText(description, [["Oppfølgingsteam der nokon har denne rolla."]], [["Care teams where someone has this role."]])
* code = #member-role
* base = #CareTeam
* type = #token
* expression = "CareTeam.participant.role"
* xpathUsage = #normal
