Instance: message-trace-minimal
InstanceOf: FpMessageTrace
Usage: #example
* status = #completed
* category = FpMessageType#utskrivningsklar
* subject = Reference(patient-minimal)
* sent = "2026-10-30T09:00:00+01:00"
* sender = Reference(organization-hospital)
* recipient = Reference(organization-minimal)
