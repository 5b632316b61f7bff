Instance: fp-resh-id
InstanceOf: NamingSystem
Usage: #definition
* language = #nb
* name = "ReshId"
* status = #active
* kind = #identifier
* date = "2026-11-22"
* publisher = "Fellesplan"
* responsible = "Norsk helsenett"
* description = "RESH-id: enhet i register over enheter i spesialisthelsetjenesten."
* insert TranslatedText(description, [["RESH-id: eining i register over einingar i spesialisthelsetenesta."]], [["RESH id: a unit in the register of units of the specialist health service."]])
* jurisdiction = urn:iso:std:iso:3166#NO "Norway"
* uniqueId[0].type = #oid
* uniqueId[0].value = "2.16.578.1.12.4.1.4.102"
* uniqueId[0].preferred = false
* uniqueId[1].type = #uri
* uniqueId[1].value = "urn:oid:2.16.578.1.12.4.1.4.102"
* uniqueId[1].preferred = true
