ValueSet: FpObservationVS
Id: fp-observation
Title: "Observasjoner"
Description: "Observasjoner som ikke har en kode i et nasjonalt eller internasjonalt kodeverk."
* insert Head
* insert TitleIn([["Observasjonar"]], [["Observations"]])
* insert DescriptionIn([["Observasjonar som ikkje har ein kode i eit nasjonalt eller internasjonalt kodeverk."]], [["Observations without a code in a national or international code system."]])
* ^experimental = false
* include codes from system FpObservation
