CodeSystem: FpHphStep
Id: fp-hph-step
Title: "Steg i Helhetlig pasientforløp i hjemmet"
Description: "Sjekkpunktene i Helhetlig pasientforløp i hjemmet (HPH)."
* insert Head
* insert TitleIn([["Steg i Heilskapleg pasientforløp i heimen"]], [["Step of the whole patient pathway at home (HPH)"]])
* insert DescriptionIn([["Sjekkpunkta i Heilskapleg pasientforløp i heimen (HPH)."]], [["The checkpoints of the whole patient pathway at home (HPH)."]])
* ^caseSensitive = true
* ^experimental = false
* ^valueSet = "https://fellesplan.example/fhir/ValueSet/fp-hph-step"
* ^content = #complete
* #HPH0 "Utskriving fra sykehus"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Utskriving frå sjukehus"
  * ^designation[1].language = #en
  * ^designation[1].value = "Discharge from hospital"
* #HPH1 "Forberede hjemkomst"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Førebu heimkomst"
  * ^designation[1].language = #en
  * ^designation[1].value = "Prepare homecoming"
* #HPH2 "Strukturert oppfølging av sykepleier innen 3 dager"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Strukturert oppfølging av sjukepleiar innan 3 dagar"
  * ^designation[1].language = #en
  * ^designation[1].value = "Structured nurse follow-up within 3 days"
* #HPH3 "Forberede legekonsultasjon"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Førebu legekonsultasjon"
  * ^designation[1].language = #en
  * ^designation[1].value = "Prepare GP visit"
* #HPH4 "Ved forverring, fall eller kontakt med legevakt"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Ved forverring, fall eller kontakt med legevakt"
  * ^designation[1].language = #en
  * ^designation[1].value = "At decline, fall or contact with out-of-hours services"
* #HPH5 "Fireukerssamtale og ny vurdering"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Firevekerssamtale og ny vurdering"
  * ^designation[1].language = #en
  * ^designation[1].value = "Four-week talk and reassessment"
* #HPH6 "Opplysninger til sykehus ved innleggelse"
  * ^designation[0].language = #nn
  * ^designation[0].value = "Opplysningar til sjukehus ved innlegging"
  * ^designation[1].language = #en
  * ^designation[1].value = "Information to hospital at admission"
