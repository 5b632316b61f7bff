Instance: related-person-minimal
InstanceOf: FpRelatedPerson
Usage: #example
* patient = Reference(patient-minimal)
* relationship.text = "Datter"
* name.text = "Kari Solheim"
