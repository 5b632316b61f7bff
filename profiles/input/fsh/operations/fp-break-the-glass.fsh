Instance: fp-break-the-glass
InstanceOf: OperationDefinition
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/OperationDefinition/fp-break-the-glass"
* version = "0.1.0"
* name = "BreakTheGlass"
* title = "Nødtilgang"
* insert TranslatedText(title, [["Naudtilgang"]], [["Emergency access"]])
* status = #active
* kind = #operation
* experimental = false
* date = "2026-11-22"
* publisher = "Fellesplan"
* description = "Nødtilgang til planen til pasienten som journalsystemet har bekreftet: uten team og samtykke, med en skriftlig grunn, for en kort tid, til lesing. For helsepersonell med HPR-nummer. POST ber om den, GET sier hvordan den står, DELETE avslutter den. Tilgangen logges med grunnen (BTG) og meldes til koordinator, koordinerende enhet og pasienten. Deretter hentes et nytt token, som er merket BTG. En sperring mot brukeren personlig står over nødtilgangen."
* insert TranslatedText(description, [["Naudtilgang til planen til pasienten som journalsystemet har stadfesta: utan team og samtykke, med ein skriftleg grunn, for ei kort tid, til lesing. For helsepersonell med HPR-nummer. POST bed om han, GET seier korleis han står, DELETE avsluttar han. Tilgangen blir logga med grunnen (BTG) og meld til koordinator, koordinerande eining og pasienten. Deretter hentar ein eit nytt token, som er merkt BTG. Ei sperring mot brukaren personleg står over naudtilgangen."]], [["Emergency access to the plan of the patient whom the record system has confirmed: without team and consent, with a written reason, for a short time, to read. For health personnel with an HPR number. POST asks for it, GET tells how it stands, DELETE ends it. The access is logged with the reason (BTG) and announced to the coordinator, the coordinating unit and the patient. A new token is fetched then, which says BTG. A block against the user in person stands above emergency access."]])
* jurisdiction = urn:iso:std:iso:3166#NO "Norway"
* affectsState = true
* code = #break-the-glass
* system = true
* type = false
* instance = false
* parameter[0].name = #reason
* parameter[0].use = #in
* parameter[0].min = 0
* parameter[0].max = "1"
* parameter[0].type = #string
* parameter[0].documentation = "Hvorfor planen må leses nå, med egne ord, 15 til 1000 tegn, uten fødselsnummer. Kreves når tilgangen bes om."
* insert TranslatedText(parameter[0].documentation, [["Kvifor planen må lesast no, med eigne ord, 15 til 1000 teikn, utan fødselsnummer. Krevst når ein bed om tilgangen."]], [["Why the plan must be read now, in one's own words, 15 to 1000 characters, without a national identity number. Needed when the access is asked for."]])
* parameter[1].name = #patient
* parameter[1].use = #out
* parameter[1].min = 0
* parameter[1].max = "1"
* parameter[1].type = #Reference
* parameter[1].targetProfile = "https://fellesplan.example/fhir/StructureDefinition/fp-patient"
* parameter[1].documentation = "Pasienten."
* insert TranslatedText(parameter[1].documentation, [["Pasienten."]], [["The patient."]])
* parameter[2].name = #until
* parameter[2].use = #out
* parameter[2].min = 0
* parameter[2].max = "1"
* parameter[2].type = #instant
* parameter[2].documentation = "Når tilgangen er over."
* insert TranslatedText(parameter[2].documentation, [["Når tilgangen er over."]], [["When the access is over."]])
* parameter[3].name = #announcement
* parameter[3].use = #out
* parameter[3].min = 0
* parameter[3].max = "1"
* parameter[3].type = #Reference
* parameter[3].targetProfile = "http://hl7.org/fhir/StructureDefinition/Communication"
* parameter[3].documentation = "Meldingen til koordinator, koordinerende enhet og pasienten."
* insert TranslatedText(parameter[3].documentation, [["Meldinga til koordinator, koordinerande eining og pasienten."]], [["The message to the coordinator, the coordinating unit and the patient."]])
