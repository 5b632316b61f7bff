ValueSet: FpTeamRoleVS
Id: fp-team-role
Title: "Rolle i oppfølgingsteam"
Description: "Hvilken rolle en deltaker har i oppfølgingsteamet."
* insert Head
* insert TitleIn([["Rolle i oppfølgingsteam"]], [["Role in the care team"]])
* insert DescriptionIn([["Kva rolle ein deltakar har i oppfølgingsteamet."]], [["The role of a participant in the care team."]])
* ^experimental = false
* include codes from system FpTeamRole
