// PSFS as used in "Kva er viktig for deg?": up to five activities named by the person, scored 0–10.
// `change` needs the previous mean, which only the server and the app know: they launch the form with it as %previousMean.

// The mean is kept with two decimals: means of one to five scores are then never rounded across the limit of two points.
Instance: fp-psfs
InstanceOf: Questionnaire
Usage: #definition
* language = #nb
* url = "https://fellesplan.example/fhir/Questionnaire/fp-psfs"
* version = "0.1.0"
* name = "FpPsfs"
* title = "Pasientspesifikk funksjonsskala (PSFS)"
* insert TranslatedText(title, [["Pasientspesifikk funksjonsskala (PSFS)"]], [["Patient-Specific Functional Scale (PSFS)"]])
* status = #active
* experimental = false
* subjectType = #Patient
* publisher = "Fellesplan"
* description = "Inntil fem aktiviteter som er viktige for personen, skåret fra 0 (kan ikke) til 10 (kan uten vansker) ved hver samtale."
* insert TranslatedText(description, [["Inntil fem aktivitetar som er viktige for personen, skåra frå 0 (kan ikkje) til 10 (kan utan vanskar) ved kvar samtale."]], [["Up to five activities that matter to the person, scored from 0 (cannot) to 10 (without difficulty) at each conversation."]])
* code = FpScore#psfs-panel
* extension[0].url = "http://hl7.org/fhir/StructureDefinition/variable"
* extension[0].valueExpression.name = "scores"
* extension[0].valueExpression.language = #text/fhirpath
* extension[0].valueExpression.expression = "%resource.item.where(linkId = 'activity').item.where(linkId = 'activity.score').answer.value"

* item[0]
  * linkId = "date"
  * text = "Dato for samtalen"
  * insert TranslatedText(text, [["Dato for samtalen"]], [["Date of the conversation"]])
  * type = #date
  * required = true
* item[1]
  * linkId = "conversation"
  * text = "Samtale nummer"
  * insert TranslatedText(text, [["Samtale nummer"]], [["Conversation number"]])
  * type = #integer
  * required = true
  * insert IntegerRange(1, 99)
* item[2]
  * linkId = "direction"
  * text = "Retning på skalaen"
  * insert TranslatedText(text, [["Retning på skalaen"]], [["Direction of the scale"]])
  * type = #choice
  * required = true
  * answerOption[0].valueCoding = FpPsfsDirection#0-cannot-10-without-difficulty "0 = kan ikke, 10 = kan uten vansker"
  * answerOption[0].initialSelected = true
* item[3]
  * linkId = "activity"
  * text = "Aktivitet som er viktig for deg"
  * insert TranslatedText(text, [["Aktivitet som er viktig for deg"]], [["Activity that matters to you"]])
  * type = #group
  * required = true
  * repeats = true
  * extension[0].url = "http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs"
  * extension[0].valueInteger = 5
  * item[0]
    * linkId = "activity.name"
    * text = "Hva er aktiviteten?"
    * insert TranslatedText(text, [["Kva er aktiviteten?"]], [["What is the activity?"]])
    * type = #string
    * required = true
    * maxLength = 200
  * item[1]
    * linkId = "activity.score"
    * text = "Hvor godt klarer du det nå? 0 = kan ikke, 10 = kan uten vansker"
    * insert TranslatedText(text, [["Kor godt klarer du det no? 0 = kan ikkje, 10 = kan utan vanskar"]], [["How well can you do it now? 0 = cannot, 10 = without difficulty"]])
    * type = #integer
    * required = true
    * insert IntegerRange(0, 10)
* item[4]
  * linkId = "total"
  * text = "Sum"
  * insert TranslatedText(text, [["Sum"]], [["Total"]])
  * type = #integer
  * readOnly = true
  * insert Calculated([["%scores.sum()"]])
* item[5]
  * linkId = "mean"
  * text = "Gjennomsnitt"
  * insert TranslatedText(text, [["Gjennomsnitt"]], [["Mean"]])
  * type = #decimal
  * readOnly = true
  * insert Calculated([["iif(%scores.exists(), (%scores.sum() / %scores.count()).round(2))"]])
* item[6]
  * linkId = "change"
  * text = "Endring fra forrige gjennomsnitt (2 poeng eller mer er en tydelig endring)"
  * insert TranslatedText(text, [["Endring frå førre gjennomsnitt (2 poeng eller meir er ei tydeleg endring)"]], [["Change from the previous mean (2 points or more is a clear change)"]])
  * type = #decimal
  * readOnly = true
  * insert Calculated([["iif(%previousMean.exists(), %resource.item.where(linkId = 'mean').answer.value - %previousMean)"]])
