Instance: fp-organisasjonsnummer
InstanceOf: NamingSystem
Usage: #definition
* language = #nb
* name = "Organisasjonsnummer"
* status = #active
* kind = #identifier
* date = "2026-11-22"
* publisher = "Fellesplan"
* responsible = "Brønnøysundregistrene"
* description = "Organisasjonsnummer: ni siffer i Enhetsregisteret."
* insert TranslatedText(description, [["Organisasjonsnummer: ni siffer i Einingsregisteret."]], [["Organisation number: nine digits in the register of legal entities."]])
* jurisdiction = urn:iso:std:iso:3166#NO "Norway"
* uniqueId[0].type = #oid
* uniqueId[0].value = "2.16.578.1.12.4.1.4.101"
* uniqueId[0].preferred = false
* uniqueId[1].type = #uri
* uniqueId[1].value = "urn:oid:2.16.578.1.12.4.1.4.101"
* uniqueId[1].preferred = true
