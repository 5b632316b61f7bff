Instance: person-minimal
InstanceOf: FpPerson
Usage: #example
* identifier[DNR].system = $dnr
* identifier[DNR].value = "57834210071"
* link.target = Reference(practitioner-minimal)
