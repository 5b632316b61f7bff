CodeSystem: FpScore
Id: fp-score
Title: "Skåringer"
Description: "Hva en observasjon eller en del av den måler i PSFS og CFS."
* insert Head
* insert TitleIn([["Skåringar"]], [["Scores"]])
* insert DescriptionIn([["Kva ein observasjon eller ein del av han måler i PSFS og CFS."]], [["What an observation, or a part of it, measures in PSFS and CFS."]])
* ^caseSensitive = true
* ^experimental = false
* ^valueSet = "https://fellesplan.example/fhir/ValueSet/fp-score"
* ^content = #complete
* #psfs-activity "PSFS: skår for aktivitet"
  * ^designation[0].language = #nn
  * ^designation[0].value = "PSFS: skår for aktivitet"
  * ^designation[1].language = #en
  * ^designation[1].value = "PSFS: score of an activity"
* #psfs-panel "PSFS: samtale"
  * ^designation[0].language = #nn
  * ^designation[0].value = "PSFS: samtale"
  * ^designation[1].language = #en
  * ^designation[1].value = "PSFS: conversation"
* #psfs-mean "PSFS: gjennomsnitt"
  * ^designation[0].language = #nn
  * ^designation[0].value = "PSFS: gjennomsnitt"
  * ^designation[1].language = #en
  * ^designation[1].value = "PSFS: mean"
* #psfs-total "PSFS: sum"
  * ^designation[0].language = #nn
  * ^designation[0].value = "PSFS: sum"
  * ^designation[1].language = #en
  * ^designation[1].value = "PSFS: total"
* #psfs-change "PSFS: endring fra forrige gjennomsnitt"
  * ^designation[0].language = #nn
  * ^designation[0].value = "PSFS: endring frå førre gjennomsnitt"
  * ^designation[1].language = #en
  * ^designation[1].value = "PSFS: change from previous mean"
* #psfs-direction "PSFS: retning på skalaen"
  * ^designation[0].language = #nn
  * ^designation[0].value = "PSFS: retning på skalaen"
  * ^designation[1].language = #en
  * ^designation[1].value = "PSFS: direction of the scale"
* #psfs-conversation "PSFS: samtale nummer"
  * ^designation[0].language = #nn
  * ^designation[0].value = "PSFS: samtale nummer"
  * ^designation[1].language = #en
  * ^designation[1].value = "PSFS: conversation number"
* #cfs-level "CFS: nivå"
  * ^designation[0].language = #nn
  * ^designation[0].value = "CFS: nivå"
  * ^designation[1].language = #en
  * ^designation[1].value = "CFS: level"
