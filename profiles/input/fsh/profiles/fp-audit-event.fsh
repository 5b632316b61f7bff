Profile: FpAuditEvent
Parent: AuditEvent
Id: fp-audit-event
Title: "Tilgangslogg"
Description: "Én tilgang, tillatt eller nektet: hvem, hva, når, med hvilket formål. Uten fødselsnummer til ansatte, for personen har rett til å lese loggen."
* insert Head
* insert TitleIn([["Tilgangslogg"]], [["Access log"]])
* insert DescriptionIn([["Éin tilgang, tillaten eller nekta: kven, kva, når, med kva føremål. Utan fødselsnummer til tilsette, for personen har rett til å lese loggen."]], [["One access, allowed or denied: who, what, when, for what purpose. Without national identity numbers of staff, for the person has a right to read the log."]])
* obeys fp-aud-2 and fp-aud-3
* action 1..1
* outcome 1..1
* purposeOfEvent from $PurposeOfUse (extensible)
* agent obeys fp-aud-1
* agent.who 1..1
