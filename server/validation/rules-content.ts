/**
 * Rules of content: invariants, terminology, references, narrative, Bundles and definitions.
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
  'bundle-full-url-absolute': [
    'invalid',
    "The fullUrl must be an absolute URL, not '{url}'",
    "fullUrl må være en absolutt adresse, ikke '{url}'",
    "fullUrl må vere ei absolutt adresse, ikkje '{url}'",
  ],
  'bundle-full-url-id': [
    'invalid',
    'The fullUrl {url} does not match the resource {resource}',
    'fullUrl {url} stemmer ikke med ressursen {resource}',
    'fullUrl {url} stemmer ikkje med ressursen {resource}',
  ],
  'bundle-full-url-missing': [
    'invalid',
    'Every entry of a Bundle of type {type} has a fullUrl',
    'Hver oppføring i en Bundle av typen {type} har fullUrl',
    'Kvar oppføring i ein Bundle av typen {type} har fullUrl',
  ],
  'bundle-link-twice': [
    'invalid',
    "The link relation '{relation}' can only occur once",
    "Lenken '{relation}' kan bare forekomme én gang",
    "Lenkja '{relation}' kan berre førekome éin gong",
  ],
  'bundle-link-paging': [
    'invalid',
    "The link relation '{relation}' has no place in a Bundle of type {type}",
    "Lenken '{relation}' hører ikke hjemme i en Bundle av typen {type}",
    "Lenkja '{relation}' høyrer ikkje heime i ein Bundle av typen {type}",
  ],
  'bundle-no-first': [
    'invalid',
    'A Bundle of type {type} begins with a {first}',
    'En Bundle av typen {type} begynner med {first}',
    'Ein Bundle av typen {type} byrjar med {first}',
  ],
  'bundle-unresolved': [
    'not-found',
    'The reference {value} must resolve to an entry of the Bundle',
    'Referansen {value} må peke på en oppføring i Bundle',
    'Referansen {value} må peike på ei oppføring i Bundle',
  ],
  'bundle-search-entry': [
    'invalid',
    'An entry of a searchset with mode {mode} {why}',
    'En oppføring i et søkesvar med mode {mode} {why}',
    'Ei oppføring i eit søkjesvar med mode {mode} {why}',
  ],
  'bundle-unlinked': [
    'informational',
    'The entry {url} is not linked to the first resource of the document',
    'Oppføringen {url} er ikke knyttet til den første ressursen i dokumentet',
    'Oppføringa {url} er ikkje knytt til den første ressursen i dokumentet',
  ],
  'markdown-html': [
    'invalid',
    'The markdown holds something that looks like an HTML tag: {tag}',
    'Markdown-teksten har noe som ligner en HTML-tagg: {tag}',
    'Markdown-teksten har noko som liknar ein HTML-tagg: {tag}',
  ],
  'xhtml-parse': [
    'invalid',
    'The narrative is not well-formed XHTML: {why}',
    'Fortellingen er ikke velformet XHTML: {why}',
    'Forteljinga er ikkje velforma XHTML: {why}',
  ],
  'xhtml-element': [
    'invalid',
    'The element {name} is not allowed in a narrative',
    'Elementet {name} er ikke tillatt i en fortelling',
    'Elementet {name} er ikkje tillate i ei forteljing',
  ],
  'xhtml-attribute': [
    'invalid',
    'The attribute {name} is not allowed on {element} in a narrative',
    'Attributtet {name} er ikke tillatt på {element} i en fortelling',
    'Attributtet {name} er ikkje tillate på {element} i ei forteljing',
  ],
  'xhtml-namespace': [
    'invalid',
    'The div of a narrative is in the XHTML namespace',
    'div i en fortelling er i XHTML-navnerommet',
    'div i ei forteljing er i XHTML-namnerommet',
  ],
  'xhtml-reference': [
    'invalid',
    'The link {link} points at nothing in this resource',
    'Lenken {link} peker ikke på noe i ressursen',
    'Lenkja {link} peikar ikkje på noko i ressursen',
  ],
  'snapshot-failed': [
    'exception',
    'The snapshot cannot be made: {why}',
    'Snapshot kan ikke lages: {why}',
    'Snapshot kan ikkje lagast: {why}',
  ],
  'root-slicing': [
    'invalid',
    'Slicing is not allowed at the root of a profile',
    'Slicing er ikke tillatt i roten av en profil',
    'Slicing er ikkje tillate i rota av ein profil',
  ],
  'measure-score': [
    'business-rule',
    "No measureScore when the scoring of the measure is 'cohort'",
    "Ingen measureScore når målets scoring er 'cohort'",
    "Ingen measureScore når scoring for målet er 'cohort'",
  ],
  'reference-target-profile': [
    'structure',
    'The resource {value} matches none of the profiles allowed: {profiles}',
    'Ressursen {value} passer ingen av de tillatte profilene: {profiles}',
    'Ressursen {value} passar ingen av dei tillatne profilane: {profiles}',
  ],
  'definition-rule': ['business-rule', '{why}', '{why}', '{why}'],
  'invariant-failed': [
    'exception',
    'The rule {key} could not be evaluated: {why}',
    'Regelen {key} kunne ikke evalueres: {why}',
    'Regelen {key} kunne ikkje evaluerast: {why}',
  ],
} as const satisfies Readonly<Record<string, Rule>>;
