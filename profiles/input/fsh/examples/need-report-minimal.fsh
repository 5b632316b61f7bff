Instance: need-report-minimal
InstanceOf: FpNeedReport
Usage: #example
* status = #active
* intent = #order
* code = FpNeedType#koordinator
* subject = Reference(patient-minimal)
* authoredOn = "2026-10-20"
* requester = Reference(patient-minimal)
* performer = Reference(organization-full)
