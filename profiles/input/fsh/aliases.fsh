// Short names for code systems of others.
Alias: $sct = http://snomed.info/sct
Alias: $observation-category = http://terminology.hl7.org/CodeSystem/observation-category
Alias: $consent-scope = http://terminology.hl7.org/CodeSystem/consentscope
Alias: $v3-ActReason = http://terminology.hl7.org/CodeSystem/v3-ActReason
Alias: $provenance-participant = http://terminology.hl7.org/CodeSystem/provenance-participant-type
Alias: $v3-DataOperation = http://terminology.hl7.org/CodeSystem/v3-DataOperation
Alias: $audit-type = http://terminology.hl7.org/CodeSystem/audit-event-type
Alias: $restful = http://hl7.org/fhir/restful-interaction
Alias: $ucum = http://unitsofmeasure.org
Alias: $v3-ActCode = http://terminology.hl7.org/CodeSystem/v3-ActCode
Alias: $plan-definition-type = http://terminology.hl7.org/CodeSystem/plan-definition-type
Alias: $PurposeOfUse = http://terminology.hl7.org/ValueSet/v3-PurposeOfUse
// Norwegian identifiers and code lists
Alias: $fnr = urn:oid:2.16.578.1.12.4.1.4.1
Alias: $dnr = urn:oid:2.16.578.1.12.4.1.4.2
Alias: $fhn = urn:oid:2.16.578.1.12.4.1.4.3
Alias: $hpr = urn:oid:2.16.578.1.12.4.1.4.4
Alias: $enh = urn:oid:2.16.578.1.12.4.1.4.101
Alias: $resh = urn:oid:2.16.578.1.12.4.1.4.102
Alias: $9060 = urn:oid:2.16.578.1.12.4.1.1.9060
