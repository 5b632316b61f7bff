Instance: psfs-panel-full
InstanceOf: FpPsfsPanel
Usage: #example
* language = #nb
* status = #final
* category[survey] = $observation-category#survey "Survey"
* code = FpScore#psfs-panel "PSFS: samtale"
* subject = Reference(patient-full)
* effectiveDateTime = "2026-12-01T10:30:00+01:00"
* issued = "2026-12-01T10:45:00+01:00"
* performer = Reference(practitioner-role-minimal)
* valueQuantity.value = 5.5
* valueQuantity.unit = "poeng"
* valueQuantity.system = $ucum
* valueQuantity.code = #{score}
* interpretation = FpPsfsChange#clear-improvement "Tydelig bedring"
* hasMember[0] = Reference(psfs-score-full)
* hasMember[1] = Reference(psfs-score-second)
* derivedFrom = Reference(psfs-response-full)
* component[direction].code = FpScore#psfs-direction "PSFS: retning på skalaen"
* component[direction].valueCodeableConcept = FpPsfsDirection#0-cannot-10-without-difficulty "0 = kan ikke, 10 = kan uten vansker"
* component[conversation].code = FpScore#psfs-conversation "PSFS: samtale nummer"
* component[conversation].valueInteger = 2
* component[total].code = FpScore#psfs-total "PSFS: sum"
* component[total].valueInteger = 11
* component[change].code = FpScore#psfs-change "PSFS: endring fra forrige gjennomsnitt"
* component[change].valueQuantity.value = 2.5
* component[change].valueQuantity.system = $ucum
* component[change].valueQuantity.code = #{score}
