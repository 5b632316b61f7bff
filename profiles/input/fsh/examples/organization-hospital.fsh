Instance: organization-hospital
InstanceOf: FpOrganization
Usage: #example
* identifier[ENH].system = $enh
* identifier[ENH].value = "312045044"
* name = "Fjordheim sykehus"
