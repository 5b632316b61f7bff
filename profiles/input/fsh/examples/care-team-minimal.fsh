Instance: care-team-minimal
InstanceOf: FpCareTeam
Usage: #example
* status = #active
* name = "Teamet til Astrid"
* subject = Reference(patient-minimal)
* participant[coordinator].role = FpTeamRole#koordinator
* participant[coordinator].member = Reference(practitioner-role-minimal)
* managingOrganization = Reference(organization-full)
