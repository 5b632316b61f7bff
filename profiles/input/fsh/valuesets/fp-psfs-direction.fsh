ValueSet: FpPsfsDirectionVS
Id: fp-psfs-direction
Title: "Retning på PSFS-skalaen"
Description: "Hva endene av PSFS-skalaen betyr. Skjema med motsatt retning finnes; derfor er retningen alltid lagret."
* insert Head
* insert TitleIn([["Retning på PSFS-skalaen"]], [["Direction of the PSFS scale"]])
* insert DescriptionIn([["Kva endane av PSFS-skalaen tyder. Skjema med motsett retning finst; difor er retninga alltid lagra."]], [["What the ends of the PSFS scale mean. Forms with the opposite direction exist, so the direction is always stored."]])
* ^experimental = false
* include codes from system FpPsfsDirection
