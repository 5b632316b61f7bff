Instance: related-person-full
InstanceOf: FpRelatedPerson
Usage: #example
* language = #nb
* identifier[FNR].system = $fnr
* identifier[FNR].value = "23817010075"
* active = true
* patient = Reference(patient-child)
* relationship[0] = http://terminology.hl7.org/CodeSystem/v3-RoleCode#MTH "mother"
* relationship[1] = http://hl7.no/fhir/CodeSystem/no-basis-family-relation#mor "Mor"
* relationship[2] = http://hl7.no/fhir/CodeSystem/no-basis-parental-responsibility#felles "Felles"
* name.family = "Solheim"
* name.given = "Kari"
* telecom.system = #phone
* telecom.value = "+47 00 00 00 06"
