Instance: fp-fodselsnummer
InstanceOf: NamingSystem
Usage: #definition
* language = #nb
* name = "Fodselsnummer"
* status = #active
* kind = #identifier
* date = "2026-11-22"
* publisher = "Fellesplan"
* responsible = "Skatteetaten"
* description = "Fødselsnummer: 11 siffer, tildelt ved fødsel eller innvandring. Kjønn og århundre leses aldri ut av nummeret."
* insert TranslatedText(description, [["Fødselsnummer: 11 siffer, tildelt ved fødsel eller innvandring. Kjønn og hundreår blir aldri lese ut av nummeret."]], [["National identity number: 11 digits, given at birth or immigration. Sex and century are never read out of it."]])
* jurisdiction = urn:iso:std:iso:3166#NO "Norway"
* uniqueId[0].type = #oid
* uniqueId[0].value = "2.16.578.1.12.4.1.4.1"
* uniqueId[0].preferred = false
* uniqueId[1].type = #uri
* uniqueId[1].value = "urn:oid:2.16.578.1.12.4.1.4.1"
* uniqueId[1].preferred = true
