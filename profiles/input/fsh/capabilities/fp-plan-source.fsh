Instance: fp-plan-source
InstanceOf: CapabilityStatement
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/CapabilityStatement/fp-plan-source"
* version = "0.1.0"
* name = "FpPlanSource"
* title = "Plankilde"
* insert TranslatedText(title, [["Plankjelde"]], [["Plan source"]])
* status = #active
* experimental = false
* date = "2026-11-22"
* publisher = "Fellesplan"
* description = "Krav til et system som skriver planer til fellestjenesten: alt en plan består av, i transaksjoner, med If-Match."
* insert TranslatedText(description, [["Krav til eit system som skriv planar til fellestenesta: alt ein plan består av, i transaksjonar, med If-Match."]], [["Requirements for a system that writes plans to the shared service: everything a plan consists of, in transactions, with If-Match."]])
* kind = #requirements
* fhirVersion = #4.0.1
* format = #json
* rest.mode = #client
* rest.security.service = http://terminology.hl7.org/CodeSystem/restful-security-service#SMART-on-FHIR
* rest.interaction.code = #transaction
* rest.resource[0]
  * type = #Patient
  * supportedProfile[0] = "https://fellesplan.example/fhir/StructureDefinition/fp-patient"
  * interaction[0].code = #read
  * interaction[1].code = #create
  * interaction[2].code = #update
  * interaction[3].code = #search-type
  * searchParam[0].name = "identifier"
  * searchParam[0].type = #token
  * searchParam[1].name = "_id"
  * searchParam[1].type = #token
* rest.resource[1]
  * type = #Practitioner
  * supportedProfile[0] = "https://fellesplan.example/fhir/StructureDefinition/fp-practitioner"
  * interaction[0].code = #read
  * interaction[1].code = #create
  * interaction[2].code = #update
  * interaction[3].code = #search-type
  * searchParam[0].name = "identifier"
  * searchParam[0].type = #token
* rest.resource[2]
  * type = #PractitionerRole
  * supportedProfile[0] = "https://fellesplan.example/fhir/StructureDefinition/fp-practitioner-role"
  * interaction[0].code = #read
  * interaction[1].code = #create
  * interaction[2].code = #update
  * interaction[3].code = #search-type
  * searchParam[0].name = "practitioner"
  * searchParam[0].type = #reference
  * searchParam[1].name = "organization"
  * searchParam[1].type = #reference
* rest.resource[3]
  * type = #Organization
  * supportedProfile[0] = "https://fellesplan.example/fhir/StructureDefinition/fp-organization"
  * interaction[0].code = #read
  * interaction[1].code = #create
  * interaction[2].code = #update
  * interaction[3].code = #search-type
  * searchParam[0].name = "identifier"
  * searchParam[0].type = #token
* rest.resource[4]
  * type = #RelatedPerson
  * supportedProfile[0] = "https://fellesplan.example/fhir/StructureDefinition/fp-related-person"
  * interaction[0].code = #read
  * interaction[1].code = #create
  * interaction[2].code = #update
  * interaction[3].code = #search-type
  * searchParam[0].name = "patient"
  * searchParam[0].type = #reference
* rest.resource[5]
  * type = #CarePlan
  * supportedProfile[0] = "https://fellesplan.example/fhir/StructureDefinition/fp-care-plan"
  * interaction[0].code = #read
  * interaction[1].code = #create
  * interaction[2].code = #update
  * interaction[3].code = #search-type
  * versioning = #versioned-update
  * searchParam[0].name = "patient"
  * searchParam[0].type = #reference
  * searchParam[1].name = "category"
  * searchParam[1].type = #token
  * searchParam[2].name = "status"
  * searchParam[2].type = #token
  * searchParam[3].name = "next-review"
  * searchParam[3].type = #date
  * searchParam[3].definition = "https://fellesplan.example/fhir/SearchParameter/fp-careplan-next-review"
  * searchParam[4].name = "custodian"
  * searchParam[4].type = #reference
  * searchParam[4].definition = "https://fellesplan.example/fhir/SearchParameter/fp-careplan-custodian"
* rest.resource[6]
  * type = #CareTeam
  * supportedProfile[0] = "https://fellesplan.example/fhir/StructureDefinition/fp-care-team"
  * interaction[0].code = #read
  * interaction[1].code = #create
  * interaction[2].code = #update
  * interaction[3].code = #search-type
  * versioning = #versioned-update
  * searchParam[0].name = "patient"
  * searchParam[0].type = #reference
  * searchParam[1].name = "member-role"
  * searchParam[1].type = #token
  * searchParam[1].definition = "https://fellesplan.example/fhir/SearchParameter/fp-careteam-member-role"
  * searchParam[2].name = "participant"
  * searchParam[2].type = #reference
* rest.resource[7]
  * type = #Goal
  * supportedProfile[0] = "https://fellesplan.example/fhir/StructureDefinition/fp-goal"
  * interaction[0].code = #read
  * interaction[1].code = #create
  * interaction[2].code = #update
  * interaction[3].code = #search-type
  * versioning = #versioned-update
  * searchParam[0].name = "patient"
  * searchParam[0].type = #reference
* rest.resource[8]
  * type = #Task
  * supportedProfile[0] = "https://fellesplan.example/fhir/StructureDefinition/fp-measure-task"
  * interaction[0].code = #read
  * interaction[1].code = #create
  * interaction[2].code = #update
  * interaction[3].code = #search-type
  * versioning = #versioned-update
  * searchParam[0].name = "patient"
  * searchParam[0].type = #reference
  * searchParam[1].name = "owner"
  * searchParam[1].type = #reference
  * searchParam[2].name = "status"
  * searchParam[2].type = #token
  * searchParam[3].name = "based-on"
  * searchParam[3].type = #reference
* rest.resource[9]
  * type = #ServiceRequest
  * supportedProfile[0] = "https://fellesplan.example/fhir/StructureDefinition/fp-need-report"
  * interaction[0].code = #read
  * interaction[1].code = #create
  * interaction[2].code = #update
  * interaction[3].code = #search-type
  * searchParam[0].name = "patient"
  * searchParam[0].type = #reference
  * searchParam[1].name = "performer"
  * searchParam[1].type = #reference
  * searchParam[2].name = "code"
  * searchParam[2].type = #token
* rest.resource[10]
  * type = #QuestionnaireResponse
  * supportedProfile[0] = "https://fellesplan.example/fhir/StructureDefinition/fp-psfs-response"
  * supportedProfile[1] = "https://fellesplan.example/fhir/StructureDefinition/fp-cfs-response"
  * interaction[0].code = #read
  * interaction[1].code = #create
  * interaction[2].code = #update
  * interaction[3].code = #search-type
  * searchParam[0].name = "patient"
  * searchParam[0].type = #reference
  * searchParam[1].name = "questionnaire"
  * searchParam[1].type = #reference
* rest.resource[11]
  * type = #Observation
  * supportedProfile[0] = "https://fellesplan.example/fhir/StructureDefinition/fp-what-matters"
  * supportedProfile[1] = "https://fellesplan.example/fhir/StructureDefinition/fp-psfs-score"
  * supportedProfile[2] = "https://fellesplan.example/fhir/StructureDefinition/fp-psfs-panel"
  * supportedProfile[3] = "https://fellesplan.example/fhir/StructureDefinition/fp-cfs-score"
  * interaction[0].code = #read
  * interaction[1].code = #create
  * interaction[2].code = #update
  * interaction[3].code = #search-type
  * searchParam[0].name = "patient"
  * searchParam[0].type = #reference
  * searchParam[1].name = "code"
  * searchParam[1].type = #token
  * searchParam[2].name = "category"
  * searchParam[2].type = #token
  * searchParam[3].name = "date"
  * searchParam[3].type = #date
* rest.resource[12]
  * type = #Consent
  * supportedProfile[0] = "https://fellesplan.example/fhir/StructureDefinition/fp-consent"
  * interaction[0].code = #read
  * interaction[1].code = #create
  * interaction[2].code = #update
  * interaction[3].code = #search-type
  * searchParam[0].name = "patient"
  * searchParam[0].type = #reference
  * searchParam[1].name = "status"
  * searchParam[1].type = #token
* rest.resource[13]
  * type = #Communication
  * supportedProfile[0] = "https://fellesplan.example/fhir/StructureDefinition/fp-message-trace"
  * interaction[0].code = #read
  * interaction[1].code = #create
  * interaction[2].code = #update
  * interaction[3].code = #search-type
  * searchParam[0].name = "patient"
  * searchParam[0].type = #reference
  * searchParam[1].name = "category"
  * searchParam[1].type = #token
