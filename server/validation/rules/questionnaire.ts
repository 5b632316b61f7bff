/**
 * Rules of questionnaire responses and their answers.
 *
 * Spec: https://hl7.org/fhir/R4/questionnaireresponse.html · http://hl7.org/fhir/uv/sdc
 */
import type { Rule } from './rules.ts';

export const QUESTIONNAIRE_RULES = {
  'questionnaire-unknown': [
    'not-found',
    'The questionnaire {questionnaire} is not known here: the answers are not checked against it',
    'Skjemaet {questionnaire} er ikke kjent her: svarene sjekkes ikke mot det',
    'Skjemaet {questionnaire} er ikkje kjent her: svara blir ikkje sjekka mot det',
  ],
  'response-order': [
    'structure',
    'The items are out of order at {linkId}',
    'Svarene står i feil rekkefølge ved {linkId}',
    'Svara står i feil rekkjefølgje ved {linkId}',
  ],
  'response-misplaced': [
    'structure',
    'The item {linkId} is in the wrong place',
    'Svaret {linkId} står på feil sted',
    'Svaret {linkId} står på feil stad',
  ],
  'response-unknown-link': [
    'not-found',
    'The linkId {linkId} is not in the questionnaire',
    'linkId {linkId} finnes ikke i skjemaet',
    'linkId {linkId} finst ikkje i skjemaet',
  ],
  'response-missing': [
    'required',
    'No answer found for the required item {linkId}',
    'Svar mangler på det påkrevde spørsmålet {linkId}',
    'Svar manglar på det påkravde spørsmålet {linkId}',
  ],
  'response-item-repeats': [
    'invalid',
    'Only one item with the linkId {linkId} is allowed, found {found}',
    'Bare ett svar med linkId {linkId} er tillatt, fant {found}',
    'Berre eitt svar med linkId {linkId} er tillate, fann {found}',
  ],
  'response-not-enabled': [
    'invalid',
    'The item {linkId} has an answer though it is not enabled',
    'Spørsmålet {linkId} er besvart uten å være aktivt',
    'Spørsmålet {linkId} er svart på utan å vere aktivt',
  ],
  'response-text': [
    'invalid',
    "The text differs from the questionnaire's for {linkId}",
    'Teksten er en annen enn skjemaets for {linkId}',
    'Teksten er ein annan enn skjemaet sin for {linkId}',
  ],
  'response-no-answers': [
    'structure',
    'Items of type {type} should not have answers',
    'Elementer av typen {type} skal ikke ha svar',
    'Element av typen {type} skal ikkje ha svar',
  ],
  'response-display-items': [
    'structure',
    'Items of type display should not have items: {linkId}',
    'Elementer av typen display skal ikke ha underelementer: {linkId}',
    'Element av typen display skal ikkje ha underelement: {linkId}',
  ],
  'response-question-items': [
    'structure',
    'The items of a question stand below its answer: {linkId}',
    'Underelementer til et spørsmål står under svaret: {linkId}',
    'Underelement til eit spørsmål står under svaret: {linkId}',
  ],
  'response-one-answer': [
    'invalid',
    'Only one answer is allowed for the item {linkId}',
    'Bare ett svar er tillatt på {linkId}',
    'Berre eitt svar er tillate på {linkId}',
  ],
  'response-max-occurs': [
    'invalid',
    'The item {linkId} has {found} answers, at most {max} are allowed',
    '{linkId} har {found} svar, høyst {max} er tillatt',
    '{linkId} har {found} svar, høgst {max} er tillate',
  ],
  'response-min-occurs': [
    'invalid',
    'The item {linkId} has {found} answers, at least {min} are required',
    '{linkId} har {found} svar, minst {min} kreves',
    '{linkId} har {found} svar, minst {min} krevst',
  ],
  'answer-type': [
    'invariant',
    'The answer must be of type {expected}, not {found}',
    'Svaret må være av typen {expected}, ikke {found}',
    'Svaret må vere av typen {expected}, ikkje {found}',
  ],
  'answer-mime': [
    'required',
    'The mime type {found} is not valid for this answer; allowed: {allowed}',
    'Filtypen {found} er ikke gyldig her; tillatt: {allowed}',
    'Filtypen {found} er ikkje gyldig her; tillate: {allowed}',
  ],
  'answer-size': [
    'required',
    'The attachment has {found} bytes, at most {max} are allowed',
    'Vedlegget er {found} byte, høyst {max} er tillatt',
    'Vedlegget er {found} byte, høgst {max} er tillate',
  ],
  'answer-decimals': [
    'invariant',
    'The answer has {found} decimal places, at most {max} are allowed',
    'Svaret har {found} desimaler, høyst {max} er tillatt',
    'Svaret har {found} desimalar, høgst {max} er tillate',
  ],
  'answer-min': [
    'invariant',
    'The answer {value} is less than {limit}',
    'Svaret {value} er lavere enn {limit}',
    'Svaret {value} er lågare enn {limit}',
  ],
  'answer-max': [
    'invariant',
    'The answer {value} is greater than {limit}',
    'Svaret {value} er høyere enn {limit}',
    'Svaret {value} er høgare enn {limit}',
  ],
  'answer-not-comparable': [
    'invariant',
    'The answer cannot be compared with the {bound} {limit}: formal units are missing or differ',
    'Svaret kan ikke sammenlignes med {bound} {limit}: formelle enheter mangler eller er ulike',
    'Svaret kan ikkje samanliknast med {bound} {limit}: formelle einingar manglar eller er ulike',
  ],
  'answer-exclusive': [
    'invariant',
    'The answer {code} excludes all others',
    'Svaret {code} utelukker alle andre',
    'Svaret {code} utelukkar alle andre',
  ],
  'response-empty-group': [
    'invariant',
    'The required group {linkId} has no items',
    'Den påkrevde gruppen {linkId} har ingen punkter',
    'Den påkravde gruppa {linkId} har ingen punkt',
  ],
  'answer-too-long': [
    'invariant',
    'The answer has {found} characters, at most {max} are allowed',
    'Svaret har {found} tegn, høyst {max} er tillatt',
    'Svaret har {found} teikn, høgst {max} er tillate',
  ],
  'answer-too-short': [
    'invariant',
    'The answer has {found} characters, at least {min} are required',
    'Svaret har {found} tegn, minst {min} kreves',
    'Svaret har {found} teikn, minst {min} krevst',
  ],
  'answer-regex': [
    'invariant',
    'The answer is not in the format {format}',
    'Svaret har ikke formatet {format}',
    'Svaret har ikkje formatet {format}',
  ],
  'answer-regex-too-costly': [
    'too-costly',
    'Whether the answer is in the format {format} takes too long to find out',
    'Om svaret har formatet {format}, tar for lang tid å finne ut',
    'Om svaret har formatet {format}, tek for lang tid å finne ut',
  ],
  'answer-unknown-target': [
    'invariant',
    'The answer points at an unknown resource type {type}',
    'Svaret peker på en ukjent ressurstype {type}',
    'Svaret peikar på ein ukjend ressurstype {type}',
  ],
  'answer-target': [
    'invariant',
    'The answer points at {type}; allowed: {allowed}',
    'Svaret peker på {type}; tillatt: {allowed}',
    'Svaret peikar på {type}; tillate: {allowed}',
  ],
  'answer-option': [
    'invariant',
    'The answer {value} is not one of the options',
    'Svaret {value} er ikke ett av valgene',
    'Svaret {value} er ikkje eitt av vala',
  ],
  'answer-value-set': [
    'code-invalid',
    'The answer {code} is not in the value set {valueSet}',
    'Svaret {code} er ikke i kodelisten {valueSet}',
    'Svaret {code} er ikkje i kodelista {valueSet}',
  ],
} as const satisfies Readonly<Record<string, Rule>>;
