Instance: fp-hpr-nummer
InstanceOf: NamingSystem
Usage: #definition
* language = #nb
* name = "HprNummer"
* status = #active
* kind = #identifier
* date = "2026-11-22"
* publisher = "Fellesplan"
* responsible = "Helsedirektoratet"
* description = "HPR-nummer: nummer i Helsepersonellregisteret."
* insert TranslatedText(description, [["HPR-nummer: nummer i Helsepersonellregisteret."]], [["HPR number: number in the register of health personnel."]])
* jurisdiction = urn:iso:std:iso:3166#NO "Norway"
* uniqueId[0].type = #oid
* uniqueId[0].value = "2.16.578.1.12.4.1.4.4"
* uniqueId[0].preferred = false
* uniqueId[1].type = #uri
* uniqueId[1].value = "urn:oid:2.16.578.1.12.4.1.4.4"
* uniqueId[1].preferred = true
