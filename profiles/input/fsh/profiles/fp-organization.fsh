// A coordinating unit is an Organization with its own organisasjonsnummer, partOf the municipality or hospital. Type slices repeat those of no-basis-Organization 2.2.2.

Profile: FpOrganization
Parent: Organization
Id: fp-organization
Title: "Organisasjon"
Description: "Kommune, sykehus, avdeling, koordinerende enhet eller annen tjeneste, kjent ved organisasjonsnummer. Gyldig også etter no-basis-Organization 2.2.2."
* insert Head
* insert TitleIn([["Organisasjon"]], [["Organisation"]])
* insert DescriptionIn([["Kommune, sjukehus, avdeling, koordinerande eining eller anna teneste, kjend ved organisasjonsnummer. Gyldig også etter no-basis-Organization 2.2.2."]], [["A municipality, hospital, department, coordinating unit or other service, known by organisasjonsnummer. Valid for no-basis-Organization 2.2.2 too."]])
* identifier 1..*
* insert SlicedBySystem(identifier)
* identifier contains ENH 1..1 and RSH 0..*
* insert IdentifierSlice(ENH, urn:oid:2.16.578.1.12.4.1.4.101)
* identifier[ENH] obeys fp-orgnr-1
* insert IdentifierSlice(RSH, urn:oid:2.16.578.1.12.4.1.4.102)
* name 1..1
* telecom MS
* insert SlicedByCodingSystem(type)
* type contains organisatoriskNiva 0..* and organisatoriskBetegnelse 0..*
* insert ConceptSlice(type, organisatoriskNiva, 8628)
* insert ConceptSlice(type, organisatoriskBetegnelse, 8624)
* partOf only Reference(FpOrganization)
