// Valid for the Norwegian CFS observation profile of VKP too: SNOMED CT 763264000, category survey, valueQuantity 1–9.

Profile: FpCfsScore
Parent: Observation
Id: fp-cfs-score
Title: "CFS: grad av skrøpelighet"
Description: "Clinical Frailty Scale 1–9, slik personen var to uker før. Ikke validert for personer under 65 år."
* insert Head
* insert TitleIn([["CFS: grad av skrøpelegheit"]], [["CFS: degree of frailty"]])
* insert DescriptionIn([["Clinical Frailty Scale 1–9, slik personen var to veker før. Ikkje validert for personar under 65 år."]], [["Clinical Frailty Scale 1–9, as the person was two weeks before. Not validated for people under 65."]])
* obeys fp-cfs-1 and fp-cfs-2 and fp-cfs-3
* insert Survey
* code = $sct#763264000
* subject 1..1
* subject only Reference(FpPatient)
* effective[x] 1..1
* effective[x] only dateTime
* performer 1..*
* performer only Reference(FpPractitionerRole or Practitioner or FpOrganization)
* value[x] 1..1
* value[x] only Quantity
* valueQuantity.value 1..1
* valueQuantity = $ucum#{score}
* derivedFrom only Reference(FpCfsResponse)
* insert SlicedByCode
* component contains level 1..1
* component[level].code = FpScore#cfs-level
* component[level].value[x] 1..1
* component[level].value[x] only CodeableConcept
* component[level].valueCodeableConcept from FpCfsLevelVS (required)
