// Everything no-basis-Patient 2.2.2 demands is demanded here too, so that a patient valid here is valid there.

Profile: FpPatient
Parent: Patient
Id: fp-patient
Title: "Pasient"
Description: "Personen planen gjelder, med minst én nasjonal identifikator. Gyldig også etter no-basis-Patient 2.2.2."
* insert Head
* insert TitleIn([["Pasient"]], [["Patient"]])
* insert DescriptionIn([["Personen planen gjeld, med minst éin nasjonal identifikator. Gyldig også etter no-basis-Patient 2.2.2."]], [["The person whose plan it is, with at least one national identifier. Valid for no-basis-Patient 2.2.2 too."]])
* obeys fp-pat-1
* identifier 1..*
* insert SlicedBySystem(identifier)
* identifier contains FNR 0..* and DNR 0..* and FHN 0..* and HNR 0..*
* insert IdentifierSlice(FNR, urn:oid:2.16.578.1.12.4.1.4.1)
* identifier[FNR] obeys fp-fnr-1 and fp-fnr-2
* insert IdentifierSlice(DNR, urn:oid:2.16.578.1.12.4.1.4.2)
* identifier[DNR] obeys fp-dnr-1 and fp-dnr-2
* insert IdentifierSlice(FHN, urn:oid:2.16.578.1.12.4.1.4.3)
* identifier[FHN] obeys fp-fhn-1
* identifier[HNR].type.coding.system 1..1
* identifier[HNR].type.coding.system = "urn:oid:2.16.578.1.12.4.1.1.8327" (exactly)
* identifier[HNR].type.coding.code 1..1
* identifier[HNR].type.coding.code = #HNR (exactly)
* identifier[HNR].system 1..1
* identifier[HNR].system = "HNR" (exactly)
* identifier[HNR].value 1..1
* identifier[HNR].assigner 1..1
* name 1..*
* name MS
* birthDate MS
* telecom MS
* address MS
