// The directory, which everybody reads, has no national numbers; this is where they stand instead.

Profile: FpPerson
Parent: Person
Id: fp-person
Title: "Fødselsnummer til ansatt"
Description: "Fødselsnummer eller D-nummer til en som arbeider i tjenesten, og som logger inn uten HPR-nummer. Leses av virksomheten som fører det, og av personen selv. Gyldig også etter no-basis-Person 2.2.2."
* insert Head
* insert TitleIn([["Fødselsnummer til tilsett"]], [["National identity number of staff"]])
* insert DescriptionIn([["Fødselsnummer eller D-nummer til ein som arbeider i tenesta, og som loggar inn utan HPR-nummer. Blir lese av verksemda som fører det, og av personen sjølv. Gyldig også etter no-basis-Person 2.2.2."]], [["National identity number of somebody who works in the service and signs in without an HPR number. Read by the organisation that keeps it, and by the person. Valid for no-basis-Person 2.2.2 too."]])
* identifier 1..*
* insert SlicedBySystem(identifier)
* identifier contains FNR 0..* and DNR 0..*
* insert IdentifierSlice(FNR, urn:oid:2.16.578.1.12.4.1.4.1)
* identifier[FNR] obeys fp-fnr-1 and fp-fnr-2
* insert IdentifierSlice(DNR, urn:oid:2.16.578.1.12.4.1.4.2)
* identifier[DNR] obeys fp-dnr-1 and fp-dnr-2
* managingOrganization MS
* managingOrganization only Reference(FpOrganization)
* link 1..*
* link.target only Reference(FpPractitioner or Practitioner)
