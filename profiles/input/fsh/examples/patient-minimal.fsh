Instance: patient-minimal
InstanceOf: FpPatient
Usage: #example
* identifier[FNR].system = $fnr
* identifier[FNR].value = "14824510033"
* name.text = "Astrid Solheim"
