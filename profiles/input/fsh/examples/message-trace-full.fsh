Instance: message-trace-full
InstanceOf: FpMessageTrace
Usage: #example
* language = #nb
* identifier.system = "urn:ietf:rfc:3986"
* identifier.value = "urn:uuid:5f0c1b52-7d0e-4c8e-9a50-0a4f2f3a1c10"
* basedOn = Reference(care-plan-full)
* status = #completed
* category = FpMessageType#epikrise "Epikrise"
* subject = Reference(patient-full)
* topic.text = "Epikrise etter innleggelse"
* sent = "2026-10-31T14:00:00+01:00"
* received = "2026-10-31T14:01:00+01:00"
* sender = Reference(organization-hospital)
* recipient = Reference(organization-minimal)
