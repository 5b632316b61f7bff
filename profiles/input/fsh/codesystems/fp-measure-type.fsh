CodeSystem: FpMeasureType
Id: fp-measure-type
Title: "Tiltakstype"
Description: "Hva slags tiltak det er."
* insert Head
* insert TitleIn([["Tiltakstype"]], [["Type of measure"]])
* insert DescriptionIn([["Kva slags tiltak det er."]], [["What kind of measure it is."]])
* ^caseSensitive = true
* ^experimental = false
* ^valueSet = "https://fellesplan.example/fhir/ValueSet/fp-measure-type"
* ^content = #complete
* #helsehjelp "Helsehjelp"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Helsehjelp"
  * ^designation[1].language = #en
  * ^designation[1].value = "Health care"
* #trening "Trening"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Trening"
  * ^designation[1].language = #en
  * ^designation[1].value = "Training"
* #hverdagsmestring "Hverdagsmestring"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Kvardagsmeistring"
  * ^designation[1].language = #en
  * ^designation[1].value = "Everyday coping"
* #hjelpemiddel "Hjelpemiddel"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Hjelpemiddel"
  * ^designation[1].language = #en
  * ^designation[1].value = "Assistive device"
* #avlastning "Avlastning"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Avlasting"
  * ^designation[1].language = #en
  * ^designation[1].value = "Respite care"
* #skole-barnehage "Skole og barnehage"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Skule og barnehage"
  * ^designation[1].language = #en
  * ^designation[1].value = "School and kindergarten"
* #arbeid-okonomi "Arbeid og økonomi"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Arbeid og økonomi"
  * ^designation[1].language = #en
  * ^designation[1].value = "Work and finances"
* #bolig "Bolig"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Bustad"
  * ^designation[1].language = #en
  * ^designation[1].value = "Housing"
* #nettverk-fritid "Nettverk og fritid"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Nettverk og fritid"
  * ^designation[1].language = #en
  * ^designation[1].value = "Network and leisure"
* #rus-psykisk-helse "Rus og psykisk helse"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Rus og psykisk helse"
  * ^designation[1].language = #en
  * ^designation[1].value = "Addiction and mental health"
* #legemidler "Legemidler"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Legemiddel"
  * ^designation[1].language = #en
  * ^designation[1].value = "Medication"
* #oppfolging-hjemme "Oppfølging hjemme"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Oppfølging heime"
  * ^designation[1].language = #en
  * ^designation[1].value = "Follow-up at home"
* #samarbeidsmote "Samarbeidsmøte"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Samarbeidsmøte"
  * ^designation[1].language = #en
  * ^designation[1].value = "Collaboration meeting"
* #kartlegging "Kartlegging"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Kartlegging"
  * ^designation[1].language = #en
  * ^designation[1].value = "Assessment"
* #informasjon "Informasjon"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Informasjon"
  * ^designation[1].language = #en
  * ^designation[1].value = "Information"
