Profile: FpRelatedPerson
Parent: RelatedPerson
Id: fp-related-person
Title: "Pårørende"
Description: "Pårørende eller foresatt til pasienten. Relasjonen går fra den pårørende til pasienten. Gyldig også etter no-basis-RelatedPerson 2.2.2."
* insert Head
* insert TitleIn([["Pårørande"]], [["Next of kin"]])
* insert DescriptionIn([["Pårørande eller føresett til pasienten. Relasjonen går frå den pårørande til pasienten. Gyldig også etter no-basis-RelatedPerson 2.2.2."]], [["Next of kin, parent or guardian of the patient. The relation goes from the related person to the patient. Valid for no-basis-RelatedPerson 2.2.2 too."]])
* obeys fp-rel-1
* insert SlicedBySystem(identifier)
* identifier contains FNR 0..* and DNR 0..*
* insert IdentifierSlice(FNR, urn:oid:2.16.578.1.12.4.1.4.1)
* identifier[FNR] obeys fp-fnr-1 and fp-fnr-2
* insert IdentifierSlice(DNR, urn:oid:2.16.578.1.12.4.1.4.2)
* identifier[DNR] obeys fp-dnr-1 and fp-dnr-2
* patient only Reference(FpPatient)
* name 1..*
* relationship 1..*
* telecom MS
