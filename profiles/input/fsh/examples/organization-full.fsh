// A coordinating unit with its own organisasjonsnummer, part of the municipality.
Instance: organization-full
InstanceOf: FpOrganization
Usage: #example
* language = #nb
* identifier[ENH].system = $enh
* identifier[ENH].value = "312045036"
* identifier[RSH].system = $resh
* identifier[RSH].value = "4209999"
* active = true
* type[1].text = "Koordinerende enhet"
* type[organisatoriskNiva].coding.system = "urn:oid:2.16.578.1.12.4.1.1.8628"
* type[organisatoriskNiva].coding.code = #4
* name = "Solvik kommune, koordinerende enhet"
* telecom.system = #phone
* telecom.value = "+47 00 00 00 05"
* address.line = "Rådhusgata 1"
* address.city = "Solvik"
* address.postalCode = "0001"
* partOf = Reference(organization-minimal)
