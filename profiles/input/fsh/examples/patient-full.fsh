Instance: patient-full
InstanceOf: FpPatient
Usage: #example
* language = #nb
* identifier[FNR].system = $fnr
* identifier[FNR].value = "14824510033"
* identifier[DNR].system = $dnr
* identifier[DNR].value = "41905210082"
* active = true
* name.use = #official
* name.family = "Solheim"
* name.given[0] = "Astrid"
* name.given[1] = "Marie"
* telecom.system = #phone
* telecom.value = "+47 00 00 00 01"
* telecom.use = #mobile
* gender = #female
* birthDate = "1945-02-14"
* address.use = #home
* address.line = "Fjordveien 1"
* address.city = "Solvik"
* address.district = "Solvik"
* address.postalCode = "0001"
* address.country = "NO"
* communication.language = urn:ietf:bcp:47#nb
* communication.preferred = true
* generalPractitioner = Reference(practitioner-role-full)
* managingOrganization = Reference(organization-minimal)
