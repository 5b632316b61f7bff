Instance: fp-access-log
InstanceOf: OperationDefinition
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/OperationDefinition/fp-access-log"
* version = "0.1.0"
* name = "AccessLog"
* title = "Hvem har sett opplysningene"
* insert TranslatedText(title, [["Kven har sett opplysningane"]], [["Who has seen the information"]])
* status = #active
* kind = #operation
* experimental = false
* date = "2026-11-22"
* publisher = "Fellesplan"
* description = "Hvem som har sett eller endret opplysningene om en person, i klarspråk og på språket i Accept-Language, nyeste først. Et besøk er én AuditEvent: det den samme personen gjorde uten et opphold på tjue minutter. Ansatte står med navn, rolle og virksomhet; privatpersoner står som pasienten eller pårørende. For personen selv, pårørende med tilgang, koordinatoren og koordinerende enhet i teamet."
* insert TranslatedText(description, [["Kven som har sett eller endra opplysningane om ein person, i klarspråk og på språket i Accept-Language, nyaste først. Eit besøk er éin AuditEvent: det den same personen gjorde utan eit opphald på tjue minutt. Tilsette står med namn, rolle og verksemd; privatpersonar står som pasienten eller pårørande. For personen sjølv, pårørande med tilgang, koordinatoren og koordinerande eining i teamet."]], [["Who has seen or changed the information about a person, in plain words and in the language of Accept-Language, newest first. A visit is one AuditEvent: what the same person did without a pause of twenty minutes. Staff are told by name, role and organisation; private persons as the patient or a relative. For the person, relatives with access, the coordinator and the coordinating unit in the team."]])
* jurisdiction = urn:iso:std:iso:3166#NO "Norway"
* affectsState = false
* code = #access-log
* resource[0] = #Patient
* system = false
* type = false
* instance = true
* parameter[0].name = #start
* parameter[0].use = #in
* parameter[0].min = 0
* parameter[0].max = "1"
* parameter[0].type = #dateTime
* parameter[0].documentation = "Fra og med denne dagen (norsk tid) eller dette tidspunktet."
* insert TranslatedText(parameter[0].documentation, [["Frå og med denne dagen (norsk tid) eller dette tidspunktet."]], [["From this day (Norwegian time) or moment on."]])
* parameter[1].name = #end
* parameter[1].use = #in
* parameter[1].min = 0
* parameter[1].max = "1"
* parameter[1].type = #dateTime
* parameter[1].documentation = "Til og med denne dagen (norsk tid) eller dette tidspunktet."
* insert TranslatedText(parameter[1].documentation, [["Til og med denne dagen (norsk tid) eller dette tidspunktet."]], [["To the end of this day (Norwegian time) or moment."]])
* parameter[2].name = #_count
* parameter[2].use = #in
* parameter[2].min = 0
* parameter[2].max = "1"
* parameter[2].type = #integer
* parameter[2].documentation = "Hvor mange besøk en side har. Neste side følger av lenken next."
* insert TranslatedText(parameter[2].documentation, [["Kor mange besøk ei side har. Neste side følgjer av lenkja next."]], [["How many visits a page has. The next page follows from the link next."]])
* parameter[3].name = #return
* parameter[3].use = #out
* parameter[3].min = 1
* parameter[3].max = "1"
* parameter[3].type = #Bundle
* parameter[3].documentation = "En searchset med AuditEvent-ressurser. Teksten til hver står i text, setningen i outcomeDesc."
* insert TranslatedText(parameter[3].documentation, [["Ein searchset med AuditEvent-ressursar. Teksten til kvar står i text, setninga i outcomeDesc."]], [["A searchset of AuditEvent resources. The text of each is in text, the sentence in outcomeDesc."]])
