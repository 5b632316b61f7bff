Instance: fp-d-nummer
InstanceOf: NamingSystem
Usage: #definition
* language = #nb
* name = "DNummer"
* status = #active
* kind = #identifier
* date = "2026-11-22"
* publisher = "Fellesplan"
* responsible = "Skatteetaten"
* description = "D-nummer: 11 siffer, tildelt personer uten fødselsnummer."
* insert TranslatedText(description, [["D-nummer: 11 siffer, tildelt personar utan fødselsnummer."]], [["D-number: 11 digits, given to people without a national identity number."]])
* jurisdiction = urn:iso:std:iso:3166#NO "Norway"
* uniqueId[0].type = #oid
* uniqueId[0].value = "2.16.578.1.12.4.1.4.2"
* uniqueId[0].preferred = false
* uniqueId[1].type = #uri
* uniqueId[1].value = "urn:oid:2.16.578.1.12.4.1.4.2"
* uniqueId[1].preferred = true
