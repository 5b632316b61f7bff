/**
 * What the invariants of R4 core say, in bokmål and nynorsk: those that content of the project's profiles can break, and
 * of what such content is sent in. In English they are told in HL7's own words, which is what people look them up by.
 *
 * Spec: https://hl7.org/fhir/R4/conformance-rules.html#constraints (each stands on the page of its type)
 */
import type { Language } from '../../fhir/language.ts';

type Texts = readonly [nb: string, nn: string];

/** By key; where several types use the same key, by type and key. */
const TEXTS: Readonly<Record<string, Texts>> = {
  // All resources
  'dom-2': [
    'En ressurs i contained kan ikke selv ha ressurser i contained',
    'Ein ressurs i contained kan ikkje sjølv ha ressursar i contained',
  ],
  'dom-3': [
    'En ressurs i contained må det vises til fra ressursen den står i, eller den må selv vise til den ressursen',
    'Ein ressurs i contained må det visast til frå ressursen han står i, eller han må sjølv vise til den ressursen',
  ],
  'dom-4': [
    'En ressurs i contained kan ikke ha meta.versionId eller meta.lastUpdated',
    'Ein ressurs i contained kan ikkje ha meta.versionId eller meta.lastUpdated',
  ],
  'dom-5': ['En ressurs i contained kan ikke ha meta.security', 'Ein ressurs i contained kan ikkje ha meta.security'],
  'dom-6': [
    'Ressursen bør ha en tekst for mennesker (text), så den kan leses der systemet ikke forstår dataene',
    'Ressursen bør ha ein tekst for menneske (text), så han kan lesast der systemet ikkje forstår dataa',
  ],
  'ext-1': [
    'En utvidelse har enten en verdi eller egne utvidelser, ikke begge',
    'Ei utviding har anten ein verdi eller eigne utvidingar, ikkje begge',
  ],
  'txt-1': [
    'Teksten kan bare ha enkel HTML: ingen skript, skjemaer, rammer eller eksterne stilark',
    'Teksten kan berre ha enkel HTML: ingen skript, skjema, rammer eller eksterne stilark',
  ],
  'txt-2': ['Teksten må ha innhold, ikke bare mellomrom', 'Teksten må ha innhald, ikkje berre mellomrom'],

  // Data types
  'att-1': ['Et vedlegg med data må ha contentType', 'Eit vedlegg med data må ha contentType'],
  'cpt-2': ['En kontaktopplysning med verdi må ha system', 'Ei kontaktopplysning med verdi må ha system'],
  'exp-1': ['expression eller reference må oppgis', 'expression eller reference må oppgivast'],
  'per-1': ['Perioden kan ikke slutte før den begynner', 'Perioden kan ikkje slutte før han byrjar'],
  'qty-3': ['En enhet med kode må ha system', 'Ei eining med kode må ha system'],
  'rat-1': ['Teller og nevner må begge være med, eller ingen av dem', 'Teljar og nemnar må begge vere med, eller ingen av dei'],
  'ref-1': [
    'Det er ingen ressurs i contained med den id-en referansen viser til',
    'Det er ingen ressurs i contained med den id-en referansen viser til',
  ],
  'rng-2': ['low kan ikke være høyere enn high', 'low kan ikkje vere høgare enn high'],
  'age-1': [
    'En alder må ha en tidsenhet i UCUM som kode, og være høyere enn null',
    'Ein alder må ha ei tidseining i UCUM som kode, og vere høgare enn null',
  ],
  'cnt-3': ['Et antall er et heltall med koden 1 i UCUM', 'Eit tal på noko er eit heiltal med koden 1 i UCUM'],
  'dis-1': ['En avstand må ha en lengdeenhet i UCUM som kode', 'Ein avstand må ha ei lengdeeining i UCUM som kode'],
  'drt-1': ['En varighet har en verdi, og en tidsenhet i UCUM som kode', 'Ei varigheit har ein verdi, og ei tidseining i UCUM som kode'],
  'tim-1': ['duration må ha durationUnit', 'duration må ha durationUnit'],
  'tim-2': ['period må ha periodUnit', 'period må ha periodUnit'],
  'tim-4': ['duration kan ikke være negativ', 'duration kan ikkje vere negativ'],
  'tim-5': ['period kan ikke være negativ', 'period kan ikkje vere negativ'],
  'tim-6': ['periodMax krever period', 'periodMax krev period'],
  'tim-7': ['durationMax krever duration', 'durationMax krev duration'],
  'tim-8': ['countMax krever count', 'countMax krev count'],
  'tim-9': ['offset krever when, og den kan ikke være C, CM, CD eller CV', 'offset krev when, og den kan ikkje vere C, CM, CD eller CV'],
  'tim-10': ['timeOfDay og when kan ikke stå sammen', 'timeOfDay og when kan ikkje stå saman'],
  'trd-1': ['En utløser har enten tidspunkt eller data, ikke begge', 'Ein utløysar har anten tidspunkt eller data, ikkje begge'],
  'trd-2': ['En utløser kan bare ha condition når den har data', 'Ein utløysar kan berre ha condition når han har data'],
  'trd-3': [
    'En navngitt utløser må ha name, en periodisk må ha timing, og en for data må ha data',
    'Ein namngjeven utløysar må ha name, ein periodisk må ha timing, og ein for data må ha data',
  ],
  'drq-1': ['path eller searchParam må oppgis, ikke begge', 'path eller searchParam må oppgivast, ikkje begge'],
  'drq-2': ['path eller searchParam må oppgis, ikke begge', 'path eller searchParam må oppgivast, ikkje begge'],

  // The plan and what it is made of
  'cpl-3': ['En aktivitet har enten reference eller detail, ikke begge', 'Ein aktivitet har anten reference eller detail, ikkje begge'],
  'ctm-1': [
    'onBehalfOf kan bare oppgis når deltakeren er en Practitioner',
    'onBehalfOf kan berre oppgivast når deltakaren er ein Practitioner',
  ],
  'gol-1': ['Et mål (target) med detail må også ha measure', 'Eit mål (target) med detail må òg ha measure'],
  'Task inv-1': ['lastModified kan ikke være før authoredOn', 'lastModified kan ikkje vere før authoredOn'],
  'prr-1': ['orderDetail kan bare oppgis når code er det', 'orderDetail kan berre oppgivast når code er det'],
  'pdf-0': [
    'name bør kunne brukes som navn i et program: stor bokstav først, så bokstaver, sifre og _',
    'name bør kunne brukast som namn i eit program: stor bokstav først, så bokstavar, siffer og _',
  ],
  'obs-3': ['Et referanseområde må ha low, high eller text', 'Eit referanseområde må ha low, high eller text'],
  'obs-6': [
    'dataAbsentReason kan bare oppgis når det ikke er noen verdi',
    'dataAbsentReason kan berre oppgivast når det ikkje er nokon verdi',
  ],
  'obs-7': [
    'Når en komponent har samme kode som observasjonen, kan observasjonen ikke ha egen verdi',
    'Når ein komponent har same kode som observasjonen, kan ikkje observasjonen ha eigen verdi',
  ],
  'ppc-1': ['Et samtykke må ha policy eller policyRule', 'Eit samtykke må ha policy eller policyRule'],
  'ppc-2': ['Et samtykke om personvern må ha en pasient', 'Eit samtykke om personvern må ha ein pasient'],
  'ppc-3': ['Et samtykke til forskning må ha en pasient', 'Eit samtykke til forsking må ha ein pasient'],
  'ppc-4': ['Et samtykke om forhåndsønsker (adr) må ha en pasient', 'Eit samtykke om førehandsønske (adr) må ha ein pasient'],
  'ppc-5': ['Et samtykke til behandling må ha en pasient', 'Eit samtykke til behandling må ha ein pasient'],
  'sev-1': ['Et objekt har enten name eller query, ikke begge', 'Eit objekt har anten name eller query, ikkje begge'],

  // People and organisations
  'pat-1': [
    'En kontaktperson må ha navn, telecom, adresse eller en organisasjon',
    'Ein kontaktperson må ha namn, telecom, adresse eller ein organisasjon',
  ],
  'org-1': ['En organisasjon må ha navn eller identifikator', 'Ein organisasjon må ha namn eller identifikator'],
  'org-2': ["En organisasjons adresse kan ikke ha use 'home'", "Adressa til ein organisasjon kan ikkje ha use 'home'"],
  'org-3': ["En organisasjons telecom kan ikke ha use 'home'", "Telecom til ein organisasjon kan ikkje ha use 'home'"],

  // Forms
  'qrs-1': ['item kan ikke stå både i item og i answer', 'item kan ikkje stå både i item og i answer'],
  'que-0': [
    'name bør kunne brukes som navn i et program: stor bokstav først, så bokstaver, sifre og _',
    'name bør kunne brukast som namn i eit program: stor bokstav først, så bokstavar, siffer og _',
  ],
  'que-1': [
    'En gruppe må ha spørsmål i seg, og et display-ledd kan ikke ha noe i seg',
    'Ei gruppe må ha spørsmål i seg, og eit display-ledd kan ikkje ha noko i seg',
  ],
  'que-2': ['Hver linkId kan bare brukes én gang i skjemaet', 'Kvar linkId kan berre brukast éin gong i skjemaet'],
  'que-3': ['Et display-ledd kan ikke ha code', 'Eit display-ledd kan ikkje ha code'],
  'que-4': ['Et spørsmål kan ikke ha både answerOption og answerValueSet', 'Eit spørsmål kan ikkje ha både answerOption og answerValueSet'],
  'que-5': [
    'answerOption og answerValueSet er bare for spørsmål som kan ha en liste å velge fra',
    'answerOption og answerValueSet er berre for spørsmål som kan ha ei liste å velje frå',
  ],
  'que-6': ['Et display-ledd kan ikke være required eller repeats', 'Eit display-ledd kan ikkje vere required eller repeats'],
  'que-7': ["Med operatoren 'exists' må svaret være answerBoolean", "Med operatoren 'exists' må svaret vere answerBoolean"],
  'que-8': ['En gruppe eller et display-ledd kan ikke ha initial', 'Ei gruppe eller eit display-ledd kan ikkje ha initial'],
  'que-9': ['Et display-ledd kan ikke være readOnly', 'Eit display-ledd kan ikkje vere readOnly'],
  'que-10': ['maxLength kan bare brukes for enkle typer spørsmål', 'maxLength kan berre brukast for enkle typar spørsmål'],
  'que-11': ['Et spørsmål med answerOption kan ikke ha initial', 'Eit spørsmål med answerOption kan ikkje ha initial'],
  'que-12': ['Flere enn én enableWhen krever enableBehavior', 'Fleire enn éin enableWhen krev enableBehavior'],
  'que-13': ['Bare et ledd med repeats kan ha flere initial', 'Berre eit ledd med repeats kan ha fleire initial'],

  // Bundles, documents and parameters
  'bdl-1': ['total brukes bare i søk og historikk', 'total blir berre brukt i søk og historikk'],
  'bdl-2': ['entry.search brukes bare i søk', 'entry.search blir berre brukt i søk'],
  'bdl-3': [
    'entry.request må være med i batch, transaction og history, og bare der',
    'entry.request må vere med i batch, transaction og history, og berre der',
  ],
  'bdl-4': [
    'entry.response må være med i batch-response, transaction-response og history, og bare der',
    'entry.response må vere med i batch-response, transaction-response og history, og berre der',
  ],
  'bdl-5': ['En entry må ha resource, request eller response', 'Ein entry må ha resource, request eller response'],
  'bdl-7': [
    'Hver fullUrl kan bare brukes én gang, utenom for ulike versjoner (meta.versionId) og i historikk',
    'Kvar fullUrl kan berre brukast éin gong, utanom for ulike versjonar (meta.versionId) og i historikk',
  ],
  'bdl-8': ['fullUrl kan ikke vise til en versjon', 'fullUrl kan ikkje vise til ein versjon'],
  'bdl-9': ['Et dokument må ha en identifikator med system og verdi', 'Eit dokument må ha ein identifikator med system og verdi'],
  'bdl-10': ['Et dokument må ha timestamp', 'Eit dokument må ha timestamp'],
  'bdl-11': ['Den første ressursen i et dokument må være en Composition', 'Den første ressursen i eit dokument må vere ein Composition'],
  'bdl-12': ['Den første ressursen i en melding må være en MessageHeader', 'Den første ressursen i ei melding må vere ein MessageHeader'],
  'cmp-1': ['Et avsnitt må ha text, entry eller egne avsnitt', 'Eit avsnitt må ha text, entry eller eigne avsnitt'],
  'cmp-2': ['emptyReason kan bare oppgis for et tomt avsnitt', 'emptyReason kan berre oppgivast for eit tomt avsnitt'],
  'Parameters inv-1': [
    'En parameter må ha nøyaktig én av verdi, resource og part',
    'Ein parameter må ha nøyaktig éin av verdi, resource og part',
  ],

  // What a plan often points at
  'app-1': ['En deltaker må ha type eller actor', 'Ein deltakar må ha type eller actor'],
  'app-2': ['start og end må begge være med, eller ingen av dem', 'start og end må begge vere med, eller ingen av dei'],
  'app-3': [
    'Bare foreslåtte eller avlyste timer, og ventelister, kan mangle start og end',
    'Berre foreslåtte eller avlyste timar, og ventelister, kan mangle start og end',
  ],
  'app-4': [
    'cancelationReason brukes bare når timen er avlyst eller ikke møtt til',
    'cancelationReason blir berre brukt når timen er avlyst eller ikkje møtt til',
  ],
  'ait-1': [
    'clinicalStatus må oppgis når allergien ikke er feilregistrert',
    'clinicalStatus må oppgivast når allergien ikkje er feilregistrert',
  ],
  'ait-2': [
    'clinicalStatus kan ikke oppgis når allergien er feilregistrert',
    'clinicalStatus kan ikkje oppgivast når allergien er feilregistrert',
  ],
  'con-1': ['Et stadium må ha summary eller assessment', 'Eit stadium må ha summary eller assessment'],
  'con-2': ['Et funn må ha code eller detail', 'Eit funn må ha code eller detail'],
  'con-3': [
    'clinicalStatus bør oppgis for et problem som ikke er feilregistrert',
    'clinicalStatus bør oppgivast for eit problem som ikkje er feilregistrert',
  ],
  'con-4': [
    'En tilstand som er over, må ha clinicalStatus inactive, resolved eller remission',
    'Ein tilstand som er over, må ha clinicalStatus inactive, resolved eller remission',
  ],
  'con-5': [
    'clinicalStatus kan ikke oppgis når tilstanden er feilregistrert',
    'clinicalStatus kan ikkje oppgivast når tilstanden er feilregistrert',
  ],
};

const CORE_TYPE = /^http:\/\/hl7\.org\/fhir\/StructureDefinition\/(\w+)\|/;
const COLUMN = { nb: 0, nn: 1 } as const;

/** The words of an invariant in a language, by its key and the canonical with version of the definition it is from; undefined for all but those above. */
export function coreInvariantText(key: string, from: string, language: Language): string | undefined {
  if (language === 'en') return undefined;
  const type = CORE_TYPE.exec(from)?.[1];
  return type === undefined ? undefined : (TEXTS[`${type} ${key}`] ?? TEXTS[key])?.[COLUMN[language]];
}
