/**
 * Names of codes in the three languages, by code system and code. Those of the project's own code systems are the names that
 * profiles/ gives them; a test compares.
 */
import { CODE_SYSTEM } from '../fhir/canonicals.ts';
import { KINSHIP_NAMES } from './kinship-labels.ts';
import type { Language } from './languages.ts';

type Names = Readonly<Record<Language, string>>;
type CodeNames = Readonly<Record<string, Names>>;

const names = (nb: string, nn: string, en: string): Names => ({ nb, nn, en });

const PLAN_TYPE: CodeNames = {
  'individuell-plan': names('Individuell plan', 'Individuell plan', 'Individual plan'),
  oppfolgingsplan: names('Oppfølgingsplan', 'Oppfølgingsplan', 'Follow-up plan'),
  behandlingsplan: names('Behandlingsplan', 'Behandlingsplan', 'Treatment plan'),
  egenbehandlingsplan: names('Egenbehandlingsplan', 'Eigenbehandlingsplan', 'Self-management plan'),
  tiltakslogg: names('Tiltakslogg', 'Tiltakslogg', 'Log of measures'),
};

const TEAM_ROLE: CodeNames = {
  koordinator: names('Koordinator', 'Koordinator', 'Coordinator'),
  barnekoordinator: names('Barnekoordinator', 'Barnekoordinator', "Children's coordinator"),
  'koordinerende-enhet': names('Koordinerende enhet', 'Koordinerande eining', 'Coordinating unit'),
  sykehuskoordinator: names('Sykehuskoordinator', 'Sjukehuskoordinator', 'Hospital coordinator'),
  pasient: names('Pasient', 'Pasient', 'Patient'),
  parorende: names('Pårørende', 'Pårørande', 'Next of kin'),
  foresatt: names('Foresatt', 'Føresett', 'Parent or guardian'),
  fastlege: names('Fastlege', 'Fastlege', 'General practitioner'),
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
  ppt: names('Pedagogisk-psykologisk tjeneste', 'Pedagogisk-psykologisk teneste', 'Educational psychology service'),
  barnevern: names('Barnevern', 'Barnevern', 'Child welfare'),
  'nav-veileder': names('Nav-veileder', 'Nav-rettleiar', 'Nav adviser'),
  ruskonsulent: names('Ruskonsulent', 'Ruskonsulent', 'Addiction consultant'),
  habilitering: names('Habilitering', 'Habilitering', 'Habilitation'),
  stottekontakt: names('Støttekontakt', 'Støttekontakt', 'Support contact'),
  annen: names('Annen', 'Annan', 'Other'),
};

const MEASURE_TYPE: CodeNames = {
  helsehjelp: names('Helsehjelp', 'Helsehjelp', 'Health care'),
  trening: names('Trening', 'Trening', 'Training'),
  hverdagsmestring: names('Hverdagsmestring', 'Kvardagsmeistring', 'Everyday coping'),
  hjelpemiddel: names('Hjelpemiddel', 'Hjelpemiddel', 'Assistive device'),
  avlastning: names('Avlastning', 'Avlasting', 'Respite care'),
  'skole-barnehage': names('Skole og barnehage', 'Skule og barnehage', 'School and kindergarten'),
  'arbeid-okonomi': names('Arbeid og økonomi', 'Arbeid og økonomi', 'Work and finances'),
  bolig: names('Bolig', 'Bustad', 'Housing'),
  'nettverk-fritid': names('Nettverk og fritid', 'Nettverk og fritid', 'Network and leisure'),
  'rus-psykisk-helse': names('Rus og psykisk helse', 'Rus og psykisk helse', 'Addiction and mental health'),
  legemidler: names('Legemidler', 'Legemiddel', 'Medication'),
  'oppfolging-hjemme': names('Oppfølging hjemme', 'Oppfølging heime', 'Follow-up at home'),
  samarbeidsmote: names('Samarbeidsmøte', 'Samarbeidsmøte', 'Collaboration meeting'),
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
  HPH0: names('Utskriving fra sykehus', 'Utskriving frå sjukehus', 'Discharge from hospital'),
  HPH1: names('Forberede hjemkomst', 'Førebu heimkomst', 'Prepare homecoming'),
  HPH2: names(
    'Strukturert oppfølging av sykepleier innen 3 dager',
    'Strukturert oppfølging av sjukepleiar innan 3 dagar',
    'Structured nurse follow-up within 3 days',
  ),
  HPH3: names('Forberede legekonsultasjon', 'Førebu legekonsultasjon', 'Prepare GP visit'),
  HPH4: names(
    'Ved forverring, fall eller kontakt med legevakt',
    'Ved forverring, fall eller kontakt med legevakt',
    'At decline, fall or contact with out-of-hours services',
  ),
  HPH5: names('Fireukerssamtale og ny vurdering', 'Firevekerssamtale og ny vurdering', 'Four-week talk and reassessment'),
  HPH6: names(
    'Opplysninger til sykehus ved innleggelse',
    'Opplysningar til sjukehus ved innlegging',
    'Information to hospital at admission',
  ),
};

const BTI_LEVEL: CodeNames = {
  '0': names('Nivå 0: avklare undringen', 'Nivå 0: avklare undringa', 'Level 0: clarify the worry'),
  '1': names('Nivå 1: innsats i én tjeneste', 'Nivå 1: innsats i éi teneste', 'Level 1: effort in one service'),
  '2': names('Nivå 2: innsats fra to tjenester', 'Nivå 2: innsats frå to tenester', 'Level 2: effort of two services'),
  '3': names('Nivå 3: innsats fra flere tjenester', 'Nivå 3: innsats frå fleire tenester', 'Level 3: effort of several services'),
};

const NEED_TYPE: CodeNames = {
  koordinator: names('Koordinator', 'Koordinator', 'Coordinator'),
  'individuell-plan': names('Individuell plan', 'Individuell plan', 'Individual plan'),
  oppfolgingsteam: names('Oppfølgingsteam', 'Oppfølgingsteam', 'Care team'),
};

const MESSAGE_TYPE: CodeNames = {
  innleggelsesrapport: names('Innleggelsesrapport', 'Innleggingsrapport', 'Admission report'),
  helseopplysninger: names('Helseopplysninger', 'Helseopplysningar', 'Health information'),
  utskrivningsklar: names('Melding om utskrivningsklar pasient', 'Melding om utskrivingsklar pasient', 'Ready for discharge'),
  epikrise: names('Epikrise', 'Epikrise', 'Discharge summary'),
  'tidlig-varsel': names('Tidligvarsel om innlagt pasient', 'Tidlegvarsel om innlagd pasient', 'Early notice of admission'),
  foresporsel: names('Forespørsel', 'Førespurnad', 'Query'),
  svar: names('Svar på forespørsel', 'Svar på førespurnad', 'Reply to query'),
};

const TASK_STATUS: CodeNames = {
  draft: names('Utkast', 'Utkast', 'Draft'),
  requested: names('Forespurt', 'Førespurt', 'Requested'),
  received: names('Mottatt', 'Motteke', 'Received'),
  accepted: names('Godtatt', 'Godteke', 'Accepted'),
  rejected: names('Avvist', 'Avvist', 'Rejected'),
  ready: names('Klart til start', 'Klart til start', 'Ready'),
  cancelled: names('Avbrutt', 'Avbrote', 'Cancelled'),
  'in-progress': names('Pågår', 'I gang', 'In progress'),
  'on-hold': names('På vent', 'På vent', 'On hold'),
  failed: names('Ikke gjennomført', 'Ikkje gjennomført', 'Failed'),
  completed: names('Utført', 'Utført', 'Completed'),
};

const GOAL_STATUS: CodeNames = {
  proposed: names('Foreslått', 'Føreslått', 'Proposed'),
  planned: names('Planlagt', 'Planlagt', 'Planned'),
  accepted: names('Godtatt', 'Godteke', 'Accepted'),
  active: names('Aktivt', 'Aktivt', 'Active'),
  'on-hold': names('På vent', 'På vent', 'On hold'),
  completed: names('Avsluttet', 'Avslutta', 'Completed'),
  cancelled: names('Avbrutt', 'Avbrote', 'Cancelled'),
  rejected: names('Avvist', 'Avvist', 'Rejected'),
};

const ACHIEVEMENT: CodeNames = {
  'in-progress': names('I arbeid', 'I arbeid', 'In progress'),
  improving: names('Går framover', 'Går framover', 'Improving'),
  worsening: names('Går tilbake', 'Går tilbake', 'Worsening'),
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
  [CODE_SYSTEM.messageType]: MESSAGE_TYPE,
  [FHIR_CODES.taskStatus]: TASK_STATUS,
  [FHIR_CODES.goalStatus]: GOAL_STATUS,
  [FHIR_CODES.planStatus]: PLAN_STATUS,
  [FHIR_CODES.achievement]: ACHIEVEMENT,
  ...KINSHIP_NAMES,
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
