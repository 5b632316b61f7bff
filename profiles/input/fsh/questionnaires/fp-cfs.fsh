// Clinical Frailty Scale: level numbers and short names only; the full descriptions belong to Dalhousie University.

Instance: fp-cfs
InstanceOf: Questionnaire
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/Questionnaire/fp-cfs"
* version = "0.1.0"
* name = "FpCfs"
* title = "Clinical Frailty Scale (CFS)"
* insert TranslatedText(title, [["Clinical Frailty Scale (CFS)"]], [["Clinical Frailty Scale (CFS)"]])
* status = #active
* experimental = false
* subjectType = #Patient
* publisher = "Fellesplan"
* description = "Grad av skrøpelighet 1–9, vurdert ut fra hvordan personen var for to uker siden. Ikke validert for personer under 65 år."
* insert TranslatedText(description, [["Grad av skrøpelegheit 1–9, vurdert ut frå korleis personen var for to veker sidan. Ikkje validert for personar under 65 år."]], [["Degree of frailty 1–9, rated on how the person was two weeks ago. Not validated for people under 65."]])
* code = $sct#763264000
* item[0]
  * linkId = "reference-date"
  * text = "Dato som vurderingen gjelder (to uker siden)"
  * insert TranslatedText(text, [["Dato som vurderinga gjeld (to veker sidan)"]], [["Date that the rating is about (two weeks ago)"]])
  * type = #date
  * required = true
* item[1]
  * linkId = "level"
  * text = "Nivå"
  * insert TranslatedText(text, [["Nivå"]], [["Level"]])
  * type = #choice
  * required = true
  * answerValueSet = "https://fellesplan.example/fhir/ValueSet/fp-cfs-level"
* item[2]
  * linkId = "rater"
  * text = "Hvem som har vurdert"
  * insert TranslatedText(text, [["Kven som har vurdert"]], [["Who has rated"]])
  * type = #string
* item[3]
  * linkId = "note"
  * text = "Merknad"
  * insert TranslatedText(text, [["Merknad"]], [["Note"]])
  * type = #text
