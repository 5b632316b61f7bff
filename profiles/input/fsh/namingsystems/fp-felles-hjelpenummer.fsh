Instance: fp-felles-hjelpenummer
InstanceOf: NamingSystem
Usage: #definition
* language = #nb
* name = "FellesHjelpenummer"
* status = #active
* kind = #identifier
* date = "2026-11-22"
* publisher = "Fellesplan"
* responsible = "Norsk helsenett"
* description = "Felles hjelpenummer: 11 siffer, når verken fødselsnummer eller D-nummer er kjent."
* insert TranslatedText(description, [["Felles hjelpenummer: 11 siffer, når verken fødselsnummer eller D-nummer er kjent."]], [["Common help number: 11 digits, when neither national identity number nor D-number is known."]])
* jurisdiction = urn:iso:std:iso:3166#NO "Norway"
* uniqueId[0].type = #oid
* uniqueId[0].value = "2.16.578.1.12.4.1.4.3"
* uniqueId[0].preferred = false
* uniqueId[1].type = #uri
* uniqueId[1].value = "urn:oid:2.16.578.1.12.4.1.4.3"
* uniqueId[1].preferred = true
