// Consent that the plan is made.
Instance: consent-minimal
InstanceOf: FpConsent
Usage: #example
* status = #active
* scope = $consent-scope#patient-privacy
* category = FpConsentPurpose#plan
* patient = Reference(patient-minimal)
* dateTime = "2026-11-01"
* performer = Reference(patient-minimal)
* policyRule.text = "Pasient- og brukerrettighetsloven § 2-5"
* provision.type = #permit
* provision.period.start = "2026-11-01"
