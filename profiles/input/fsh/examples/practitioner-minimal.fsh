Instance: practitioner-minimal
InstanceOf: FpPractitioner
Usage: #example
* identifier[HPR].system = $hpr
* identifier[HPR].value = "999000001"
* name.text = "Berit Osmund"
