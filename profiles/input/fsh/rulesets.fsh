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

// Slicing as in no-basis: an identifier or a coding by its system, a concept by the system of its coding.

RuleSet: SlicedBySystem(element)
* {element} ^slicing.discriminator.type = #value
* {element} ^slicing.discriminator.path = "system"
* {element} ^slicing.rules = #open

RuleSet: SlicedByCodingSystem(element)
* {element} ^slicing.discriminator.type = #value
* {element} ^slicing.discriminator.path = "coding.system"
* {element} ^slicing.rules = #open

RuleSet: IdentifierSlice(slice, system)
* identifier[{slice}].system 1..1
* identifier[{slice}].system = "{system}" (exactly)
* identifier[{slice}].value 1..1

RuleSet: CodingSlice(element, slice, list)
* {element}[{slice}].system 1..1
* {element}[{slice}].system = "urn:oid:2.16.578.1.12.4.1.1.{list}" (exactly)
* {element}[{slice}].code 1..1

RuleSet: ConceptSlice(element, slice, list)
* {element}[{slice}].coding.system 1..1
* {element}[{slice}].coding.system = "urn:oid:2.16.578.1.12.4.1.1.{list}" (exactly)
* {element}[{slice}].coding.code 1..1

// Parts that the score profiles share.

RuleSet: Survey
* category 1..*
* category ^slicing.discriminator.type = #pattern
* category ^slicing.discriminator.path = "$this"
* category ^slicing.rules = #open
* category contains survey 1..1
* category[survey] = $observation-category#survey

RuleSet: SlicedByCode
* component ^slicing.discriminator.type = #pattern
* component ^slicing.discriminator.path = "code"
* component ^slicing.rules = #open

RuleSet: DirectionComponent
* component[direction].code = FpScore#psfs-direction
* component[direction].value[x] 1..1
* component[direction].value[x] only CodeableConcept
* component[direction].valueCodeableConcept from FpPsfsDirectionVS (required)
