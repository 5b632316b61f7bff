CodeSystem: FpPsfsDirection
Id: fp-psfs-direction
Title: "Retning på PSFS-skalaen"
Description: "Hva endene av PSFS-skalaen betyr. Skjema med motsatt retning finnes; derfor er retningen alltid lagret."
* insert Head
* insert TitleIn([["Retning på PSFS-skalaen"]], [["Direction of the PSFS scale"]])
* insert DescriptionIn([["Kva endane av PSFS-skalaen tyder. Skjema med motsett retning finst; difor er retninga alltid lagra."]], [["What the ends of the PSFS scale mean. Forms with the opposite direction exist, so the direction is always stored."]])
* ^caseSensitive = true
* ^experimental = false
* ^valueSet = "https://fellesplan.example/fhir/ValueSet/fp-psfs-direction"
* ^content = #complete
* #0-cannot-10-without-difficulty "0 = kan ikke, 10 = kan uten vansker"
  * ^designation[0].language = #nn
  * ^designation[0].value = "0 = kan ikkje, 10 = kan utan vanskar"
  * ^designation[1].language = #en
  * ^designation[1].value = "0 = cannot, 10 = without difficulty"
