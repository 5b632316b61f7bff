CodeSystem: FpMessageType
Id: fp-message-type
Title: "Meldingstype"
Description: "Elektronisk melding mellom kommune og sykehus som det er spor av i planen."
* insert Head
* insert TitleIn([["Meldingstype"]], [["Message type"]])
* insert DescriptionIn([["Elektronisk melding mellom kommune og sjukehus som det er spor av i planen."]], [["Electronic message between municipality and hospital that leaves a trace in the plan."]])
* ^caseSensitive = true
* ^experimental = false
* ^valueSet = "https://fellesplan.example/fhir/ValueSet/fp-message-type"
* ^content = #complete
* #innleggelsesrapport "Innleggelsesrapport"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Innleggingsrapport"
  * ^designation[1].language = #en
  * ^designation[1].value = "Admission report"
* #helseopplysninger "Helseopplysninger"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Helseopplysningar"
  * ^designation[1].language = #en
  * ^designation[1].value = "Health information"
* #utskrivningsklar "Melding om utskrivningsklar pasient"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Melding om utskrivingsklar pasient"
  * ^designation[1].language = #en
  * ^designation[1].value = "Ready for discharge"
* #epikrise "Epikrise"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Epikrise"
  * ^designation[1].language = #en
  * ^designation[1].value = "Discharge summary"
* #tidlig-varsel "Tidligvarsel om innlagt pasient"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Tidlegvarsel om innlagd pasient"
  * ^designation[1].language = #en
  * ^designation[1].value = "Early notice of admission"
* #foresporsel "Forespørsel"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Førespurnad"
  * ^designation[1].language = #en
  * ^designation[1].value = "Query"
* #svar "Svar på forespørsel"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Svar på førespurnad"
  * ^designation[1].language = #en
  * ^designation[1].value = "Reply to query"
