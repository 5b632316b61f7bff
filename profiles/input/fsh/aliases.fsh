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
