Instance: practitioner-role-minimal
InstanceOf: FpPractitionerRole
Usage: #example
* practitioner = Reference(practitioner-minimal)
* organization = Reference(organization-minimal)
* code = FpTeamRole#koordinator
* telecom.system = #phone
* telecom.value = "+47 00 00 00 03"
