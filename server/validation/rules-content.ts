/**
 * Rules of content: invariants, terminology, references, narrative, Bundles and questionnaires.
 *
 * Spec: https://hl7.org/fhir/R4/terminologies.html · https://hl7.org/fhir/R4/references.html · https://hl7.org/fhir/R4/bundle.html
 */
import type { Rule } from './rules.ts';

export const CONTENT_RULES = {
  'binding-required': [
    'code-invalid',
    'The code {code} is not in the value set {valueSet}, and the binding is required',
    'Koden {code} er ikke i kodelisten {valueSet}, og bindingen er påkrevd',
    'Koden {code} er ikkje i kodelista {valueSet}, og bindinga er påkravd',
  ],
  'binding-no-code': [
    'code-invalid',
    'No code is given, and one from the value set {valueSet} is required',
    'Ingen kode er gitt, og en fra kodelisten {valueSet} kreves',
    'Ingen kode er gitt, og ein frå kodelista {valueSet} krevst',
  ],
  'binding-extensible': [
    'code-invalid',
    'The code {code} is not in the value set {valueSet}, and should come from it unless it has no suitable code',
    'Koden {code} er ikke i kodelisten {valueSet} og bør hentes derfra om den har en passende kode',
    'Koden {code} er ikkje i kodelista {valueSet} og bør hentast derifrå om ho har ein passande kode',
  ],
  'binding-preferred': [
    'code-invalid',
    'The code {code} is not in the value set {valueSet}, which is preferred',
    'Koden {code} er ikke i kodelisten {valueSet}, som er foretrukket',
    'Koden {code} er ikkje i kodelista {valueSet}, som er føretrekt',
  ],
  'binding-unknown': [
    'not-found',
    'The code {code} could not be checked: the value set {valueSet} or a code system it needs is not held here',
    'Koden {code} kunne ikke sjekkes: kodelisten {valueSet} eller et kodeverk den trenger, finnes ikke her',
    'Koden {code} kunne ikkje sjekkast: kodelista {valueSet} eller eit kodeverk ho treng, finst ikkje her',
  ],
  'coding-unknown-code': [
    'code-invalid',
    "Unknown code '{code}' in the code system {system}",
    "Ukjent kode '{code}' i kodeverket {system}",
    "Ukjend kode '{code}' i kodeverket {system}",
  ],
  'coding-display': [
    'code-invalid',
    "The display '{display}' is not that of the code {code}: '{expected}'",
    "Visningsteksten '{display}' er ikke den til koden {code}: '{expected}'",
    "Visingsteksten '{display}' er ikkje den til koden {code}: '{expected}'",
  ],
  'coding-no-system': [
    'invalid',
    'A code without a system has no defined meaning',
    'En kode uten kodeverk har ingen bestemt betydning',
    'Ein kode utan kodeverk har inga bestemt tyding',
  ],
  'coding-relative-system': [
    'code-invalid',
    "The system of a Coding is absolute, not '{system}'",
    "Kodeverket i en Coding er absolutt, ikke '{system}'",
    "Kodeverket i ein Coding er absolutt, ikkje '{system}'",
  ],
  'reference-format': [
    'invalid',
    "A relative reference is written [type]/[id], not '{value}'",
    "En relativ referanse skrives [type]/[id], ikke '{value}'",
    "Ein relativ referanse blir skriven [type]/[id], ikkje '{value}'",
  ],
  'reference-unknown-type': [
    'structure',
    'The reference {value} points at an unknown resource type {type}',
    'Referansen {value} peker på en ukjent ressurstype {type}',
    'Referansen {value} peikar på ein ukjend ressurstype {type}',
  ],
  'reference-target': [
    'structure',
    'The reference points at {found}; allowed: {allowed}',
    'Referansen peker på {found}; tillatt: {allowed}',
    'Referansen peikar på {found}; tillate: {allowed}',
  ],
  'reference-type-differs': [
    'structure',
    'Reference.type says {stated}, the reference points at {found}',
    'Reference.type sier {stated}, referansen peker på {found}',
    'Reference.type seier {stated}, referansen peikar på {found}',
  ],
  'reference-unresolved': [
    'structure',
    'The reference {value} could not be resolved inside the {where}',
    'Referansen {value} kunne ikke finnes igjen i {where}',
    'Referansen {value} kunne ikkje finnast att i {where}',
  ],
  'attachment-size': [
    'structure',
    'The size says {stated}, the data has {found} bytes',
    'Størrelsen er oppgitt til {stated}, dataene har {found} byte',
    'Storleiken er oppgitt til {stated}, dataa har {found} byte',
  ],
  'invariant-failed': [
    'exception',
    'The rule {key} could not be evaluated: {why}',
    'Regelen {key} kunne ikke evalueres: {why}',
    'Regelen {key} kunne ikkje evaluerast: {why}',
  ],
} as const satisfies Readonly<Record<string, Rule>>;
