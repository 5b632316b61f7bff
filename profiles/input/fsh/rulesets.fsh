// Rules that many artefacts share: the Norwegian title and description in nynorsk and English, and the head of an artefact.

RuleSet: TitleIn(nn, en)
* ^title.extension[0].url = "http://hl7.org/fhir/StructureDefinition/translation"
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #nn
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = {nn}
* ^title.extension[1].url = "http://hl7.org/fhir/StructureDefinition/translation"
* ^title.extension[1].extension[0].url = "lang"
* ^title.extension[1].extension[0].valueCode = #en
* ^title.extension[1].extension[1].url = "content"
* ^title.extension[1].extension[1].valueString = {en}

RuleSet: DescriptionIn(nn, en)
* ^description.extension[0].url = "http://hl7.org/fhir/StructureDefinition/translation"
* ^description.extension[0].extension[0].url = "lang"
* ^description.extension[0].extension[0].valueCode = #nn
* ^description.extension[0].extension[1].url = "content"
* ^description.extension[0].extension[1].valueString = {nn}
* ^description.extension[1].url = "http://hl7.org/fhir/StructureDefinition/translation"
* ^description.extension[1].extension[0].url = "lang"
* ^description.extension[1].extension[0].valueCode = #en
* ^description.extension[1].extension[1].url = "content"
* ^description.extension[1].extension[1].valueString = {en}

RuleSet: Head
* ^language = #nb
* ^publisher = "Fellesplan"
* ^jurisdiction = urn:iso:std:iso:3166#NO "Norway"

RuleSet: TranslatedText(element, nn, en)
* {element}.extension[0].url = "http://hl7.org/fhir/StructureDefinition/translation"
* {element}.extension[0].extension[0].url = "lang"
* {element}.extension[0].extension[0].valueCode = #nn
* {element}.extension[0].extension[1].url = "content"
* {element}.extension[0].extension[1].valueString = {nn}
* {element}.extension[1].url = "http://hl7.org/fhir/StructureDefinition/translation"
* {element}.extension[1].extension[0].url = "lang"
* {element}.extension[1].extension[0].valueCode = #en
* {element}.extension[1].extension[1].url = "content"
* {element}.extension[1].extension[1].valueString = {en}

RuleSet: IntegerRange(low, high)
* extension[0].url = "http://hl7.org/fhir/StructureDefinition/minValue"
* extension[0].valueInteger = {low}
* extension[1].url = "http://hl7.org/fhir/StructureDefinition/maxValue"
* extension[1].valueInteger = {high}

RuleSet: Calculated(expression)
* extension[0].url = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
* extension[0].valueExpression.language = #text/fhirpath
* extension[0].valueExpression.expression = {expression}
