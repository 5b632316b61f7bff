Instance: care-team-full
InstanceOf: FpCareTeam
Usage: #example
* language = #nb
* status = #active
* category.text = "Oppfølgingsteam"
* name = "Oppfølgingsteamet til Astrid Solheim"
* subject = Reference(patient-full)
* period.start = "2025-01-01"
* participant[patient].role = FpTeamRole#pasient "Pasient"
* participant[patient].member = Reference(patient-full)
* participant[coordinator][0].role = FpTeamRole#koordinator "Koordinator"
* participant[coordinator][0].member = Reference(practitioner-role-full)
* participant[coordinator][0].period.start = "2025-01-01"
* participant[coordinator][0].period.end = "2025-12-31"
* participant[coordinator][1].role = FpTeamRole#koordinator "Koordinator"
* participant[coordinator][1].member = Reference(practitioner-role-minimal)
* participant[coordinator][1].period.start = "2026-01-01"
* participant[relatedPerson].role = FpTeamRole#parorende "Pårørende"
* participant[relatedPerson].member = Reference(related-person-minimal)
* participant[gp].role = FpTeamRole#fastlege "Fastlege"
* participant[gp].member = Reference(practitioner-role-full)
* participant[5].role[0] = FpTeamRole#hjemmesykepleier "Hjemmesykepleier"
* participant[5].role[1] = FpTeamRole#sykepleier "Sykepleier"
* participant[5].member = Reference(practitioner-minimal)
* participant[5].onBehalfOf = Reference(organization-minimal)
* managingOrganization = Reference(organization-full)
* telecom.system = #phone
* telecom.value = "+47 00 00 00 03"
