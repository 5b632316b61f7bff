Instance: organization-minimal
InstanceOf: FpOrganization
Usage: #example
* identifier[ENH].system = $enh
* identifier[ENH].value = "312045028"
* name = "Solvik kommune"
