/**
 * The codes that the stories use, each with its display, and the canonical URLs behind them.
 *
 * Spec: profiles/README.md
 */
import { CANONICAL_BASE } from '../../fhir/canonical.ts';
import type { Coding } from '../../fhir/resource.ts';

export const profile = (id: string): { profile: string[] } => ({ profile: [structure(id)] });
export const structure = (id: string): string => `${CANONICAL_BASE}/StructureDefinition/${id}`;
export const questionnaire = (id: string): string => `${CANONICAL_BASE}/Questionnaire/${id}`;

const DISPLAYS = {
  'fp-plan-type': {
    'individuell-plan': 'Individuell plan',
    oppfolgingsplan: 'Oppfølgingsplan',
    behandlingsplan: 'Behandlingsplan',
    egenbehandlingsplan: 'Egenbehandlingsplan',
    tiltakslogg: 'Tiltakslogg',
  },
  'fp-team-role': {
    koordinator: 'Koordinator',
    barnekoordinator: 'Barnekoordinator',
    'koordinerende-enhet': 'Koordinerende enhet',
    sykehuskoordinator: 'Sykehuskoordinator',
    pasient: 'Pasient',
    parorende: 'Pårørende',
    foresatt: 'Foresatt',
    fastlege: 'Fastlege',
    sykepleier: 'Sykepleier',
    hjemmesykepleier: 'Hjemmesykepleier',
    fysioterapeut: 'Fysioterapeut',
    ergoterapeut: 'Ergoterapeut',
    'lege-spesialist': 'Lege, spesialist',
    psykolog: 'Psykolog',
    sosionom: 'Sosionom',
    helsesykepleier: 'Helsesykepleier',
    jordmor: 'Jordmor',
    vernepleier: 'Vernepleier',
    larer: 'Lærer',
    ppt: 'Pedagogisk-psykologisk tjeneste',
    barnevern: 'Barnevern',
    'nav-veileder': 'Nav-veileder',
    ruskonsulent: 'Ruskonsulent',
    habilitering: 'Habilitering',
    stottekontakt: 'Støttekontakt',
    annen: 'Annen',
  },
  'fp-measure-type': {
    helsehjelp: 'Helsehjelp',
    trening: 'Trening',
    hverdagsmestring: 'Hverdagsmestring',
    hjelpemiddel: 'Hjelpemiddel',
    avlastning: 'Avlastning',
    'skole-barnehage': 'Skole og barnehage',
    'arbeid-okonomi': 'Arbeid og økonomi',
    bolig: 'Bolig',
    'nettverk-fritid': 'Nettverk og fritid',
    'rus-psykisk-helse': 'Rus og psykisk helse',
    legemidler: 'Legemidler',
    'oppfolging-hjemme': 'Oppfølging hjemme',
    samarbeidsmote: 'Samarbeidsmøte',
    kartlegging: 'Kartlegging',
    informasjon: 'Informasjon',
  },
  'fp-bti-level': {
    '0': 'Nivå 0: avklare undringen',
    '1': 'Nivå 1: innsats i én tjeneste',
    '2': 'Nivå 2: innsats fra to tjenester',
    '3': 'Nivå 3: innsats fra flere tjenester',
  },
  'fp-hph-step': {
    HPH0: 'Utskriving fra sykehus',
    HPH1: 'Forberede hjemkomst',
    HPH2: 'Strukturert oppfølging av sykepleier innen 3 dager',
    HPH3: 'Forberede legekonsultasjon',
    HPH4: 'Ved forverring, fall eller kontakt med legevakt',
    HPH5: 'Fireukerssamtale og ny vurdering',
    HPH6: 'Opplysninger til sykehus ved innleggelse',
  },
  'fp-psfs-direction': { '0-cannot-10-without-difficulty': '0 = kan ikke, 10 = kan uten vansker' },
  'fp-psfs-change': {
    'clear-improvement': 'Tydelig bedring',
    'no-clear-change': 'Ingen tydelig endring',
    'clear-worsening': 'Tydelig forverring',
  },
  'fp-cfs-level': {
    '1': 'Veldig sprek',
    '2': 'Sprek',
    '3': 'Klarer seg bra',
    '4': 'Lever med svært mild skrøpelighet',
    '5': 'Lever med mild skrøpelighet',
    '6': 'Lever med moderat skrøpelighet',
    '7': 'Lever med alvorlig skrøpelighet',
    '8': 'Lever med svært alvorlig skrøpelighet',
    '9': 'Terminalt syk',
  },
  'fp-score': {
    'psfs-activity': 'PSFS: skår for aktivitet',
    'psfs-panel': 'PSFS: samtale',
    'psfs-mean': 'PSFS: gjennomsnitt',
    'psfs-total': 'PSFS: sum',
    'psfs-change': 'PSFS: endring fra forrige gjennomsnitt',
    'psfs-direction': 'PSFS: retning på skalaen',
    'psfs-conversation': 'PSFS: samtale nummer',
    'cfs-level': 'CFS: nivå',
  },
  'fp-observation': { 'what-matters': 'Hva er viktig for deg?' },
  'fp-need-type': { koordinator: 'Koordinator', 'individuell-plan': 'Individuell plan', oppfolgingsteam: 'Oppfølgingsteam' },
  'fp-message-type': {
    innleggelsesrapport: 'Innleggelsesrapport',
    helseopplysninger: 'Helseopplysninger',
    utskrivningsklar: 'Melding om utskrivningsklar pasient',
    epikrise: 'Epikrise',
    'tidlig-varsel': 'Tidligvarsel om innlagt pasient',
    foresporsel: 'Forespørsel',
    svar: 'Svar på forespørsel',
  },
  'fp-consent-purpose': { plan: 'At det lages en plan', innsyn: 'At navngitte tjenester får se planen' },
  'fp-blocking-reason': {
    'pasientens-onske': 'Pasientens ønske',
    'foresattes-onske': 'Foresattes ønske',
    'ungdommens-onske': 'Ungdommens ønske',
  },
} as const;

export type OwnSystem = keyof typeof DISPLAYS;
export type Code<S extends OwnSystem> = keyof (typeof DISPLAYS)[S] & string;

/** A coding of one of the project's own code systems. */
export function own<S extends OwnSystem>(system: S, code: Code<S>): Coding {
  const displays: Record<string, string> = DISPLAYS[system];
  return { system: `${CANONICAL_BASE}/CodeSystem/${system}`, code, display: displays[code] ?? '' };
}

/** A coding of HL7's terminology server: `hl7('v3-DataOperation', 'CREATE', 'create')`. */
export function hl7(system: string, code: string, display?: string): Coding {
  return { system: `http://terminology.hl7.org/CodeSystem/${system}`, code, ...(display === undefined ? {} : { display }) };
}

/** A SNOMED CT coding. */
export function snomed(code: string, display: string): Coding {
  return { system: 'http://snomed.info/sct', code, display };
}

/** A CodeableConcept with one coding (or several), and a text where the words say more than the code. */
export function concept(coding: Coding | readonly Coding[], text?: string): { coding: Coding[]; text?: string } {
  const list = Array.isArray(coding) ? [...(coding as readonly Coding[])] : [coding as Coding];
  return { coding: list, ...(text === undefined ? {} : { text }) };
}
