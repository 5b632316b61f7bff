/**
 * Names of codes in the three languages, by code system and code; profiles/README.md is the list of the project's own codes.
 */
import { CODE_SYSTEM } from '../fhir/canonicals.ts';
import type { Language } from './languages.ts';

type Names = Readonly<Record<Language, string>>;
type CodeNames = Readonly<Record<string, Names>>;

const names = (nb: string, nn: string, en: string): Names => ({ nb, nn, en });

const PLAN_TYPE: CodeNames = {
  'individuell-plan': names('Individuell plan', 'Individuell plan', 'Individual plan'),
  oppfolgingsplan: names('Oppfølgingsplan', 'Oppfølgingsplan', 'Follow-up plan'),
  behandlingsplan: names('Behandlingsplan', 'Behandlingsplan', 'Treatment plan'),
  egenbehandlingsplan: names('Egenbehandlingsplan', 'Eigenbehandlingsplan', 'Self-care plan'),
  tiltakslogg: names('Tiltakslogg', 'Tiltakslogg', 'Log of measures'),
};

const TEAM_ROLE: CodeNames = {
  koordinator: names('Koordinator', 'Koordinator', 'Coordinator'),
  barnekoordinator: names('Barnekoordinator', 'Barnekoordinator', 'Child coordinator'),
  'koordinerende-enhet': names('Koordinerende enhet', 'Koordinerande eining', 'Coordinating unit'),
  sykehuskoordinator: names('Sykehuskoordinator', 'Sjukehuskoordinator', 'Hospital coordinator'),
  pasient: names('Pasient', 'Pasient', 'Patient'),
  parorende: names('Pårørende', 'Pårørande', 'Next of kin'),
  foresatt: names('Foresatt', 'Føresett', 'Parent or guardian'),
  fastlege: names('Fastlege', 'Fastlege', 'GP'),
  sykepleier: names('Sykepleier', 'Sjukepleiar', 'Nurse'),
  hjemmesykepleier: names('Hjemmesykepleier', 'Heimesjukepleiar', 'Home care nurse'),
  fysioterapeut: names('Fysioterapeut', 'Fysioterapeut', 'Physiotherapist'),
  ergoterapeut: names('Ergoterapeut', 'Ergoterapeut', 'Occupational therapist'),
  'lege-spesialist': names('Lege, spesialist', 'Lege, spesialist', 'Medical specialist'),
  psykolog: names('Psykolog', 'Psykolog', 'Psychologist'),
  sosionom: names('Sosionom', 'Sosionom', 'Social worker'),
  helsesykepleier: names('Helsesykepleier', 'Helsesjukepleiar', 'Public health nurse'),
  jordmor: names('Jordmor', 'Jordmor', 'Midwife'),
  vernepleier: names('Vernepleier', 'Vernepleiar', 'Social educator'),
  larer: names('Lærer', 'Lærar', 'Teacher'),
  ppt: names('PP-tjenesten', 'PP-tenesta', 'Educational psychology service'),
  barnevern: names('Barnevern', 'Barnevern', 'Child welfare'),
  'nav-veileder': names('NAV-veileder', 'NAV-rettleiar', 'NAV adviser'),
  ruskonsulent: names('Ruskonsulent', 'Ruskonsulent', 'Substance use counsellor'),
  habilitering: names('Habilitering', 'Habilitering', 'Habilitation'),
  stottekontakt: names('Støttekontakt', 'Støttekontakt', 'Support contact'),
  annen: names('Annen', 'Annan', 'Other'),
};

const MEASURE_TYPE: CodeNames = {
  helsehjelp: names('Helsehjelp', 'Helsehjelp', 'Health care'),
  trening: names('Trening', 'Trening', 'Training'),
  hverdagsmestring: names('Hverdagsmestring', 'Kvardagsmeistring', 'Everyday coping'),
  hjelpemiddel: names('Hjelpemiddel', 'Hjelpemiddel', 'Assistive device'),
  avlastning: names('Avlastning', 'Avlasting', 'Respite'),
  'skole-barnehage': names('Skole og barnehage', 'Skule og barnehage', 'School and kindergarten'),
  'arbeid-okonomi': names('Arbeid og økonomi', 'Arbeid og økonomi', 'Work and finances'),
  bolig: names('Bolig', 'Bustad', 'Housing'),
  'nettverk-fritid': names('Nettverk og fritid', 'Nettverk og fritid', 'Network and leisure'),
  'rus-psykisk-helse': names('Rus og psykisk helse', 'Rus og psykisk helse', 'Substance use and mental health'),
  legemidler: names('Legemidler', 'Legemiddel', 'Medicines'),
  'oppfolging-hjemme': names('Oppfølging hjemme', 'Oppfølging heime', 'Follow-up at home'),
  samarbeidsmote: names('Samarbeidsmøte', 'Samarbeidsmøte', 'Team meeting'),
  kartlegging: names('Kartlegging', 'Kartlegging', 'Assessment'),
  informasjon: names('Informasjon', 'Informasjon', 'Information'),
};

const CFS_LEVEL: CodeNames = {
  '1': names('Veldig sprek', 'Veldig sprek', 'Very fit'),
  '2': names('Sprek', 'Sprek', 'Fit'),
  '3': names('Klarer seg bra', 'Klarer seg bra', 'Managing well'),
  '4': names('Lever med svært mild skrøpelighet', 'Lever med svært mild skrøpelegheit', 'Living with very mild frailty'),
  '5': names('Lever med mild skrøpelighet', 'Lever med mild skrøpelegheit', 'Living with mild frailty'),
  '6': names('Lever med moderat skrøpelighet', 'Lever med moderat skrøpelegheit', 'Living with moderate frailty'),
  '7': names('Lever med alvorlig skrøpelighet', 'Lever med alvorleg skrøpelegheit', 'Living with severe frailty'),
  '8': names('Lever med svært alvorlig skrøpelighet', 'Lever med svært alvorleg skrøpelegheit', 'Living with very severe frailty'),
  '9': names('Terminalt syk', 'Terminalt sjuk', 'Terminally ill'),
};

const HPH_STEP: CodeNames = {
  HPH0: names('HPH0 – Utskriving fra sykehus', 'HPH0 – Utskriving frå sjukehus', 'HPH0 – Discharge from hospital'),
  HPH1: names('HPH1 – Forberede hjemkomst', 'HPH1 – Førebu heimkomst', 'HPH1 – Prepare homecoming'),
  HPH2: names('HPH2 – Oppfølging innen 3 dager', 'HPH2 – Oppfølging innan 3 dagar', 'HPH2 – Follow-up within 3 days'),
  HPH3: names('HPH3 – Forberede time hos fastlege', 'HPH3 – Førebu time hos fastlege', 'HPH3 – Prepare GP visit'),
  HPH4: names('HPH4 – Ved forverring eller fall', 'HPH4 – Ved forverring eller fall', 'HPH4 – At decline or fall'),
  HPH5: names('HPH5 – Fireukerssamtale', 'HPH5 – Firevekerssamtale', 'HPH5 – Four-week talk'),
  HPH6: names('HPH6 – Informasjon ved innleggelse', 'HPH6 – Informasjon ved innlegging', 'HPH6 – Information at admission'),
};

const BTI_LEVEL: CodeNames = {
  '0': names('BTI nivå 0', 'BTI nivå 0', 'BTI level 0'),
  '1': names('BTI nivå 1', 'BTI nivå 1', 'BTI level 1'),
  '2': names('BTI nivå 2', 'BTI nivå 2', 'BTI level 2'),
  '3': names('BTI nivå 3', 'BTI nivå 3', 'BTI level 3'),
};

const NEED_TYPE: CodeNames = {
  koordinator: names('Koordinator', 'Koordinator', 'Coordinator'),
  'individuell-plan': names('Individuell plan', 'Individuell plan', 'Individual plan'),
  oppfolgingsteam: names('Oppfølgingsteam', 'Oppfølgingsteam', 'Follow-up team'),
};

const TASK_STATUS: CodeNames = {
  draft: names('Utkast', 'Utkast', 'Draft'),
  requested: names('Meldt', 'Meldt', 'Requested'),
  received: names('Mottatt', 'Motteken', 'Received'),
  accepted: names('Godtatt', 'Godteken', 'Accepted'),
  rejected: names('Avvist', 'Avvist', 'Rejected'),
  ready: names('Klar til start', 'Klar til start', 'Ready'),
  cancelled: names('Avlyst', 'Avlyst', 'Cancelled'),
  'in-progress': names('Pågår', 'I gang', 'In progress'),
  'on-hold': names('På vent', 'På vent', 'On hold'),
  failed: names('Ikke gjennomført', 'Ikkje gjennomført', 'Failed'),
  completed: names('Utført', 'Utført', 'Completed'),
};

const GOAL_STATUS: CodeNames = {
  proposed: names('Foreslått', 'Foreslått', 'Proposed'),
  planned: names('Planlagt', 'Planlagt', 'Planned'),
  accepted: names('Godtatt', 'Godteke', 'Accepted'),
  active: names('Aktivt', 'Aktivt', 'Active'),
  'on-hold': names('På vent', 'På vent', 'On hold'),
  completed: names('Avsluttet', 'Avslutta', 'Completed'),
  cancelled: names('Avlyst', 'Avlyst', 'Cancelled'),
  rejected: names('Avvist', 'Avvist', 'Rejected'),
};

const ACHIEVEMENT: CodeNames = {
  'in-progress': names('I arbeid', 'I arbeid', 'In progress'),
  improving: names('Går framover', 'Går framover', 'Improving'),
  worsening: names('Går tilbake', 'Går attende', 'Worsening'),
  'no-change': names('Ingen endring', 'Inga endring', 'No change'),
  achieved: names('Nådd', 'Nådd', 'Achieved'),
  sustaining: names('Nådd og holdt', 'Nådd og halde', 'Sustaining'),
  'not-achieved': names('Ikke nådd', 'Ikkje nådd', 'Not achieved'),
  'no-progress': names('Ingen framgang', 'Ingen framgang', 'No progress'),
  'not-attainable': names('Ikke mulig å nå', 'Ikkje mogleg å nå', 'Not attainable'),
};

const PLAN_STATUS: CodeNames = {
  draft: names('Utkast', 'Utkast', 'Draft'),
  active: names('Aktiv', 'Aktiv', 'Active'),
  'on-hold': names('På vent', 'På vent', 'On hold'),
  revoked: names('Trukket tilbake', 'Trekt tilbake', 'Revoked'),
  completed: names('Avsluttet', 'Avslutta', 'Completed'),
  unknown: names('Ukjent', 'Ukjend', 'Unknown'),
};

/** Systems of the codes that FHIR itself fixes. */
export const FHIR_CODES = {
  taskStatus: 'http://hl7.org/fhir/task-status',
  goalStatus: 'http://hl7.org/fhir/goal-status',
  planStatus: 'http://hl7.org/fhir/request-status',
  achievement: 'http://terminology.hl7.org/CodeSystem/goal-achievement',
} as const;

/** Every code with a name, by code system. */
export const CODE_NAMES: Readonly<Record<string, CodeNames>> = {
  [CODE_SYSTEM.planType]: PLAN_TYPE,
  [CODE_SYSTEM.teamRole]: TEAM_ROLE,
  [CODE_SYSTEM.measureType]: MEASURE_TYPE,
  [CODE_SYSTEM.cfsLevel]: CFS_LEVEL,
  [CODE_SYSTEM.hphStep]: HPH_STEP,
  [CODE_SYSTEM.btiLevel]: BTI_LEVEL,
  [CODE_SYSTEM.needType]: NEED_TYPE,
  [FHIR_CODES.taskStatus]: TASK_STATUS,
  [FHIR_CODES.goalStatus]: GOAL_STATUS,
  [FHIR_CODES.planStatus]: PLAN_STATUS,
  [FHIR_CODES.achievement]: ACHIEVEMENT,
};

/** A code to be shown, with the text to fall back on. */
export interface Label {
  readonly system: string;
  readonly code: string;
  readonly display?: string | undefined;
}

/** @returns the code's name in the language; else its display; else the code. */
export const codeName = (label: Label, language: Language): string =>
  CODE_NAMES[label.system]?.[label.code]?.[language] ?? label.display ?? label.code;
