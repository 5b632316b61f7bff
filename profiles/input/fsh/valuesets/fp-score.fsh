ValueSet: FpScoreVS
Id: fp-score
Title: "Skåringer"
Description: "Hva en observasjon eller en del av den måler i PSFS og CFS."
* insert Head
* insert TitleIn([["Skåringar"]], [["Scores"]])
* insert DescriptionIn([["Kva ein observasjon eller ein del av han måler i PSFS og CFS."]], [["What an observation, or a part of it, measures in PSFS and CFS."]])
* ^experimental = false
* include codes from system FpScore
