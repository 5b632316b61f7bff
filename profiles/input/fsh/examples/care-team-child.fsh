// A family with a children's coordinator.
Instance: care-team-child
InstanceOf: FpCareTeam
Usage: #example
* status = #active
* name = "Teamet rundt Emil"
* subject = Reference(patient-child)
* participant[childrensCoordinator].role = FpTeamRole#barnekoordinator
* participant[childrensCoordinator].member = Reference(practitioner-role-minimal)
* participant[guardian].role = FpTeamRole#foresatt
* participant[guardian].member = Reference(related-person-full)
* managingOrganization = Reference(organization-full)
