Instance: practitioner-role-full
InstanceOf: FpPractitionerRole
Usage: #example
* language = #nb
* active = true
* period.start = "2024-01-01"
* practitioner = Reference(practitioner-full)
* organization = Reference(organization-full)
* code[1] = FpTeamRole#fastlege "Fastlege"
* code[functions].coding.system = "urn:oid:2.16.578.1.12.4.1.1.9034"
* code[functions].coding.code = #6
* code[functions].coding.display = "Fastlege"
* telecom[0].system = #phone
* telecom[0].value = "+47 00 00 00 04"
* telecom[0].use = #work
* telecom[1].system = #email
* telecom[1].value = "lars.hegdal@legesenter.example"
