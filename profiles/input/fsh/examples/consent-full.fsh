// Consent that named services may see the plan, with a block against one organisation.
Instance: consent-full
InstanceOf: FpConsent
Usage: #example
* language = #nb
* status = #active
* scope = $consent-scope#patient-privacy "Privacy Consent"
* category = FpConsentPurpose#innsyn "At navngitte tjenester får se planen"
* patient = Reference(patient-full)
* dateTime = "2026-11-01T12:00:00+01:00"
* performer = Reference(patient-full)
* organization = Reference(organization-minimal)
* policyRule.text = "Helsepersonelloven § 22"
* provision.type = #permit
* provision.period.start = "2026-11-01"
* provision.period.end = "2027-10-31"
* provision.actor[0].role = http://terminology.hl7.org/CodeSystem/v3-ParticipationType#IRCP "information recipient"
* provision.actor[0].reference = Reference(organization-minimal)
* provision.actor[1].role = http://terminology.hl7.org/CodeSystem/v3-ParticipationType#IRCP "information recipient"
* provision.actor[1].reference = Reference(related-person-minimal)
* provision.provision.type = #deny
* provision.provision.period.start = "2026-11-01"
* provision.provision.actor.role = http://terminology.hl7.org/CodeSystem/v3-ParticipationType#IRCP "information recipient"
* provision.provision.actor.reference = Reference(organization-hospital)
* provision.provision.code = FpBlockingReason#pasientens-onske "Pasientens ønske"
