Instance: goal-full
InstanceOf: FpGoal
Usage: #example
* language = #nb
* lifecycleStatus = #completed
* achievementStatus = http://terminology.hl7.org/CodeSystem/goal-achievement#achieved "Achieved"
* description.text = "Jeg vil gå til butikken og bære varene hjem."
* subject = Reference(patient-full)
* startDate = "2026-11-01"
* target.measure = FpScore#psfs-activity
* target.measure.text = "Gå til butikken"
* target.detailInteger = 8
* target.dueDate = "2027-02-01"
* statusDate = "2027-01-20"
* expressedBy = Reference(patient-full)
* addresses = Reference(what-matters-full)
