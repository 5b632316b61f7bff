Instance: person-full
InstanceOf: FpPerson
Usage: #example
* language = #nb
* identifier[FNR].system = $fnr
* identifier[FNR].value = "23817010075"
* managingOrganization = Reference(organization-full)
* active = true
* link.target = Reference(practitioner-full)
* link.assurance = #level4
