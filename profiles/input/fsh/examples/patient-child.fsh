// A child, for plans with a children's coordinator.
Instance: patient-child
InstanceOf: FpPatient
Usage: #example
* identifier[FNR].system = $fnr
* identifier[FNR].value = "05831010012"
* name.family = "Solheim"
* name.given = "Emil"
* birthDate = "2010-03-05"
