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
* jurisdiction = urn:iso:std:iso:3166#NO "Norway"
* uniqueId[0].type = #oid
* uniqueId[0].value = "2.16.578.1.12.4.1.4.1"
* uniqueId[0].preferred = false
* uniqueId[1].type = #uri
* uniqueId[1].value = "urn:oid:2.16.578.1.12.4.1.4.1"
* uniqueId[1].preferred = true
