// The qualification slices repeat those of no-basis-Practitioner 2.2.2.

Profile: FpPractitioner
Parent: Practitioner
Id: fp-practitioner
Title: "Helsepersonell"
Description: "En person i helsetjenesten, kjent ved HPR-nummer. Gyldig også etter no-basis-Practitioner 2.2.2."
* insert Head
* insert TitleIn([["Helsepersonell"]], [["Practitioner"]])
* insert DescriptionIn([["Ein person i helsetenesta, kjend ved HPR-nummer. Gyldig også etter no-basis-Practitioner 2.2.2."]], [["A person in the health service, known by HPR number. Valid for no-basis-Practitioner 2.2.2 too."]])
* identifier 1..*
* insert SlicedBySystem(identifier)
* identifier contains HPR 1..1 and FNR 0..* and DNR 0..*
* insert IdentifierSlice(HPR, urn:oid:2.16.578.1.12.4.1.4.4)
* identifier[HPR] obeys fp-hpr-1
* insert IdentifierSlice(FNR, urn:oid:2.16.578.1.12.4.1.4.1)
* identifier[FNR] obeys fp-fnr-1 and fp-fnr-2
* insert IdentifierSlice(DNR, urn:oid:2.16.578.1.12.4.1.4.2)
* identifier[DNR] obeys fp-dnr-1 and fp-dnr-2
* name 1..*
* name MS
* insert SlicedBySystem(qualification.code.coding)
* qualification.code.coding contains healthPersonnelCategory 0..* and approvalType 0..* and healthPersonnelSpecialization 0..*
* insert CodingSlice(qualification.code.coding, healthPersonnelCategory, 9060)
* qualification.code.coding[healthPersonnelCategory] from urn:oid:2.16.578.1.12.4.1.1.9060 (extensible)
* insert CodingSlice(qualification.code.coding, approvalType, 7704)
* insert CodingSlice(qualification.code.coding, healthPersonnelSpecialization, 7426)
