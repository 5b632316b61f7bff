Instance: practitioner-full
InstanceOf: FpPractitioner
Usage: #example
* language = #nb
* identifier[HPR].system = $hpr
* identifier[HPR].value = "999000002"
* active = true
* name.use = #official
* name.family = "Hegdal"
* name.given = "Lars"
* telecom.system = #phone
* telecom.value = "+47 00 00 00 02"
* qualification.code.coding[healthPersonnelCategory].system = "urn:oid:2.16.578.1.12.4.1.1.9060"
* qualification.code.coding[healthPersonnelCategory].code = #LE
* qualification.code.coding[healthPersonnelCategory].display = "Lege"
* qualification.code.coding[approvalType].system = "urn:oid:2.16.578.1.12.4.1.1.7704"
* qualification.code.coding[approvalType].code = #1
