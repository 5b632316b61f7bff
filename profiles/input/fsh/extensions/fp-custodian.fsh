Extension: FpCustodian
Id: fp-custodian
Title: "Ansvarlig for planen"
Description: "Organisasjonen som har planen i sin journal og svarer for den."
Context: CarePlan
* insert Head
* insert TitleIn([["Ansvarleg for planen"]], [["Custodian of the plan"]])
* insert DescriptionIn([["Organisasjonen som har planen i journalen sin og svarar for han."]], [["The organisation that keeps the plan and answers for it."]])
* value[x] only Reference(FpOrganization)
* value[x] 1..1
