CodeSystem: FpPlanType
Id: fp-plan-type
Title: "Plantype"
Description: "Hva slags plan det er."
* insert Head
* insert TitleIn([["Plantype"]], [["Plan type"]])
* insert DescriptionIn([["Kva slags plan det er."]], [["What kind of plan it is."]])
* ^caseSensitive = true
* ^experimental = false
* ^valueSet = "https://fellesplan.example/fhir/ValueSet/fp-plan-type"
* ^content = #complete
* #individuell-plan "Individuell plan" "Lovfestet plan for den som trenger langvarige og koordinerte tjenester."
  * ^designation[0].language = #nn
  * ^designation[0].value = "Individuell plan"
  * ^designation[1].language = #en
  * ^designation[1].value = "Individual plan"
* #oppfolgingsplan "Oppfølgingsplan" "Plan for oppfølging fra flere tjenester uten at det er en individuell plan."
  * ^designation[0].language = #nn
  * ^designation[0].value = "Oppfølgingsplan"
  * ^designation[1].language = #en
  * ^designation[1].value = "Follow-up plan"
* #behandlingsplan "Behandlingsplan" "Plan for behandlingen, ført av den som behandler."
  * ^designation[0].language = #nn
  * ^designation[0].value = "Behandlingsplan"
  * ^designation[1].language = #en
  * ^designation[1].value = "Treatment plan"
* #egenbehandlingsplan "Egenbehandlingsplan" "Hva personen selv gjør i grønn, gul og rød sone."
  * ^designation[0].language = #nn
  * ^designation[0].value = "Eigenbehandlingsplan"
  * ^designation[1].language = #en
  * ^designation[1].value = "Self-management plan"
* #tiltakslogg "Tiltakslogg" "Stafettlogg i Bedre tverrfaglig innsats: følger barnet gjennom nivåene."
  * ^designation[0].language = #nn
  * ^designation[0].value = "Tiltakslogg"
  * ^designation[1].language = #en
  * ^designation[1].value = "Log of measures"
