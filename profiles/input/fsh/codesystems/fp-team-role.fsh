CodeSystem: FpTeamRole
Id: fp-team-role
Title: "Rolle i oppfølgingsteam"
Description: "Hvilken rolle en deltaker har i oppfølgingsteamet."
* insert Head
* insert TitleIn([["Rolle i oppfølgingsteam"]], [["Role in the care team"]])
* insert DescriptionIn([["Kva rolle ein deltakar har i oppfølgingsteamet."]], [["The role of a participant in the care team."]])
* ^caseSensitive = true
* ^experimental = false
* ^valueSet = "https://fellesplan.example/fhir/ValueSet/fp-team-role"
* ^content = #complete
* #koordinator "Koordinator"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Koordinator"
  * ^designation[1].language = #en
  * ^designation[1].value = "Coordinator"
* #barnekoordinator "Barnekoordinator"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Barnekoordinator"
  * ^designation[1].language = #en
  * ^designation[1].value = "Children's coordinator"
* #koordinerende-enhet "Koordinerende enhet"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Koordinerande eining"
  * ^designation[1].language = #en
  * ^designation[1].value = "Coordinating unit"
* #sykehuskoordinator "Sykehuskoordinator"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Sjukehuskoordinator"
  * ^designation[1].language = #en
  * ^designation[1].value = "Hospital coordinator"
* #pasient "Pasient"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Pasient"
  * ^designation[1].language = #en
  * ^designation[1].value = "Patient"
* #parorende "Pårørende"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Pårørande"
  * ^designation[1].language = #en
  * ^designation[1].value = "Next of kin"
* #foresatt "Foresatt"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Føresett"
  * ^designation[1].language = #en
  * ^designation[1].value = "Parent or guardian"
* #fastlege "Fastlege"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Fastlege"
  * ^designation[1].language = #en
  * ^designation[1].value = "General practitioner"
* #sykepleier "Sykepleier"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Sjukepleiar"
  * ^designation[1].language = #en
  * ^designation[1].value = "Nurse"
* #hjemmesykepleier "Hjemmesykepleier"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Heimesjukepleiar"
  * ^designation[1].language = #en
  * ^designation[1].value = "Home care nurse"
* #fysioterapeut "Fysioterapeut"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Fysioterapeut"
  * ^designation[1].language = #en
  * ^designation[1].value = "Physiotherapist"
* #ergoterapeut "Ergoterapeut"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Ergoterapeut"
  * ^designation[1].language = #en
  * ^designation[1].value = "Occupational therapist"
* #lege-spesialist "Lege, spesialist"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Lege, spesialist"
  * ^designation[1].language = #en
  * ^designation[1].value = "Medical specialist"
* #psykolog "Psykolog"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Psykolog"
  * ^designation[1].language = #en
  * ^designation[1].value = "Psychologist"
* #sosionom "Sosionom"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Sosionom"
  * ^designation[1].language = #en
  * ^designation[1].value = "Social worker"
* #helsesykepleier "Helsesykepleier"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Helsesjukepleiar"
  * ^designation[1].language = #en
  * ^designation[1].value = "Public health nurse"
* #jordmor "Jordmor"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Jordmor"
  * ^designation[1].language = #en
  * ^designation[1].value = "Midwife"
* #vernepleier "Vernepleier"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Vernepleiar"
  * ^designation[1].language = #en
  * ^designation[1].value = "Social educator"
* #larer "Lærer"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Lærar"
  * ^designation[1].language = #en
  * ^designation[1].value = "Teacher"
* #ppt "Pedagogisk-psykologisk tjeneste"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Pedagogisk-psykologisk teneste"
  * ^designation[1].language = #en
  * ^designation[1].value = "Educational psychology service"
* #barnevern "Barnevern"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Barnevern"
  * ^designation[1].language = #en
  * ^designation[1].value = "Child welfare"
* #nav-veileder "Nav-veileder"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Nav-rettleiar"
  * ^designation[1].language = #en
  * ^designation[1].value = "Nav adviser"
* #ruskonsulent "Ruskonsulent"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Ruskonsulent"
  * ^designation[1].language = #en
  * ^designation[1].value = "Addiction consultant"
* #habilitering "Habilitering"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Habilitering"
  * ^designation[1].language = #en
  * ^designation[1].value = "Habilitation"
* #stottekontakt "Støttekontakt"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Støttekontakt"
  * ^designation[1].language = #en
  * ^designation[1].value = "Support contact"
* #annen "Annen"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Annan"
  * ^designation[1].language = #en
  * ^designation[1].value = "Other"
