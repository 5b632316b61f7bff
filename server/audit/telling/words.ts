/**
 * The words in which the access log is told: one table for each language, with the same entries in each.
 */

import type { Language } from '../../fhir/language.ts';

/** What was done, as it is told when it was done and after "tried to". `{}` stands for what it was done to. */
interface Verb {
  readonly done: string;
  readonly tried: string;
}

/** The kinds of deeds that are told apart. */
export type Kind =
  | 'open'
  | 'read'
  | 'look'
  | 'history'
  | 'create'
  | 'change'
  | 'remove'
  | 'everything'
  | 'export'
  | 'import'
  | 'check'
  | 'signIn'
  | 'glass';

export interface Words {
  readonly locale: string;
  readonly kinds: Readonly<Record<Kind, Verb>>;
  /** What is read or written, by resource type. */
  readonly things: Readonly<Record<string, string>>;
  readonly otherThings: string;
  /** By code of v3-PurposeOfUse. */
  readonly purposes: Readonly<Record<string, string>>;
  readonly otherPurpose: string;
  readonly refused: (tried: string) => string;
  readonly failed: (tried: string) => string;
  readonly used: string;
  readonly emergency: (done: string) => string;
  readonly reason: (text: string) => string;
  /** `{}` is the system that the user came from. */
  readonly from: Verb;
  readonly purpose: string;
  readonly through: string;
  readonly you: string;
  readonly patient: string;
  readonly kin: string;
  readonly privatePerson: string;
  readonly employee: string;
  readonly system: string;
  readonly systemOf: (organization: string) => string;
  readonly unknown: string;
}

const nb: Words = {
  locale: 'nb-NO',
  kinds: {
    open: { done: 'åpnet {}', tried: 'åpne {}' },
    read: { done: 'leste {}', tried: 'lese {}' },
    look: { done: 'så etter {}', tried: 'se etter {}' },
    history: { done: 'så på tidligere versjoner av {}', tried: 'se på tidligere versjoner av {}' },
    create: { done: 'opprettet {}', tried: 'opprette {}' },
    change: { done: 'endret {}', tried: 'endre {}' },
    remove: { done: 'slettet {}', tried: 'slette {}' },
    everything: { done: 'hentet alt som er registrert', tried: 'hente alt som er registrert' },
    export: { done: 'hentet et uttrekk av opplysningene', tried: 'hente et uttrekk av opplysningene' },
    import: { done: 'la inn opplysninger fra et annet system', tried: 'legge inn opplysninger fra et annet system' },
    check: { done: 'kontrollerte {}', tried: 'kontrollere {}' },
    signIn: { done: 'logget inn', tried: 'logge inn' },
    glass: { done: 'tok nødtilgang', tried: 'få nødtilgang' },
  },
  things: {
    CarePlan: 'planen',
    CareTeam: 'oppfølgingsteamet',
    Goal: 'mål',
    Task: 'tiltak',
    Observation: 'skårer og egne ord',
    Questionnaire: 'skjemaer',
    QuestionnaireResponse: 'utfylte skjemaer',
    Patient: 'personopplysninger',
    RelatedPerson: 'opplysninger om pårørende',
    Consent: 'samtykker',
    ServiceRequest: 'meldte behov',
    Communication: 'meldinger mellom tjenestene',
    Appointment: 'avtaler',
    Provenance: 'endringsloggen',
    AuditEvent: 'tilgangsloggen',
    Composition: 'dokumenter',
    DocumentReference: 'dokumenter',
    Binary: 'dokumenter',
  },
  otherThings: 'andre opplysninger',
  purposes: {
    TREAT: 'helsehjelp',
    ETREAT: 'øyeblikkelig hjelp',
    COC: 'samordning av tjenester',
    BTG: 'nødtilgang',
    PATRQT: 'eget innsyn',
    FAMRQT: 'innsyn for pårørende',
    HSYSADMIN: 'drift av tjenesten',
  },
  otherPurpose: 'annet formål',
  refused: (tried) => `prøvde å ${tried}, men fikk ikke tilgang`,
  failed: (tried) => `prøvde å ${tried}, men det lyktes ikke`,
  used: 'brukte opplysningene',
  emergency: (done) => `brukte nødtilgang og ${done}`,
  reason: (text) => `Begrunnelse: ${text}`,
  from: { done: 'åpnet Fellesplan fra {}', tried: 'åpne Fellesplan fra {}' },
  purpose: 'Formål',
  through: 'Via',
  you: 'Du',
  patient: 'Pasienten',
  kin: 'Pårørende',
  privatePerson: 'En privatperson',
  employee: 'Ansatt uten navn her',
  system: 'Et datasystem',
  systemOf: (organization) => `Et datasystem hos ${organization}`,
  unknown: 'Ukjent',
};

const nn: Words = {
  locale: 'nn-NO',
  kinds: {
    open: { done: 'opna {}', tried: 'opne {}' },
    read: { done: 'las {}', tried: 'lese {}' },
    look: { done: 'såg etter {}', tried: 'sjå etter {}' },
    history: { done: 'såg på tidlegare versjonar av {}', tried: 'sjå på tidlegare versjonar av {}' },
    create: { done: 'oppretta {}', tried: 'opprette {}' },
    change: { done: 'endra {}', tried: 'endre {}' },
    remove: { done: 'sletta {}', tried: 'slette {}' },
    everything: { done: 'henta alt som er registrert', tried: 'hente alt som er registrert' },
    export: { done: 'henta eit uttrekk av opplysningane', tried: 'hente eit uttrekk av opplysningane' },
    import: { done: 'la inn opplysningar frå eit anna system', tried: 'leggje inn opplysningar frå eit anna system' },
    check: { done: 'kontrollerte {}', tried: 'kontrollere {}' },
    signIn: { done: 'logga inn', tried: 'logge inn' },
    glass: { done: 'tok naudtilgang', tried: 'få naudtilgang' },
  },
  things: {
    CarePlan: 'planen',
    CareTeam: 'oppfølgingsteamet',
    Goal: 'mål',
    Task: 'tiltak',
    Observation: 'skårar og eigne ord',
    Questionnaire: 'skjema',
    QuestionnaireResponse: 'utfylte skjema',
    Patient: 'personopplysningar',
    RelatedPerson: 'opplysningar om pårørande',
    Consent: 'samtykke',
    ServiceRequest: 'melde behov',
    Communication: 'meldingar mellom tenestene',
    Appointment: 'avtalar',
    Provenance: 'endringsloggen',
    AuditEvent: 'tilgangsloggen',
    Composition: 'dokument',
    DocumentReference: 'dokument',
    Binary: 'dokument',
  },
  otherThings: 'andre opplysningar',
  purposes: {
    TREAT: 'helsehjelp',
    ETREAT: 'augeblikkeleg hjelp',
    COC: 'samordning av tenester',
    BTG: 'naudtilgang',
    PATRQT: 'eige innsyn',
    FAMRQT: 'innsyn for pårørande',
    HSYSADMIN: 'drift av tenesta',
  },
  otherPurpose: 'anna føremål',
  refused: (tried) => `prøvde å ${tried}, men fekk ikkje tilgang`,
  failed: (tried) => `prøvde å ${tried}, men det lukkast ikkje`,
  used: 'brukte opplysningane',
  emergency: (done) => `brukte naudtilgang og ${done}`,
  reason: (text) => `Grunngiving: ${text}`,
  from: { done: 'opna Fellesplan frå {}', tried: 'opne Fellesplan frå {}' },
  purpose: 'Føremål',
  through: 'Via',
  you: 'Du',
  patient: 'Pasienten',
  kin: 'Pårørande',
  privatePerson: 'Ein privatperson',
  employee: 'Tilsett utan namn her',
  system: 'Eit datasystem',
  systemOf: (organization) => `Eit datasystem hos ${organization}`,
  unknown: 'Ukjend',
};

const en: Words = {
  locale: 'en-GB',
  kinds: {
    open: { done: 'opened {}', tried: 'open {}' },
    read: { done: 'read {}', tried: 'read {}' },
    look: { done: 'looked for {}', tried: 'look for {}' },
    history: { done: 'looked at earlier versions of {}', tried: 'look at earlier versions of {}' },
    create: { done: 'created {}', tried: 'create {}' },
    change: { done: 'changed {}', tried: 'change {}' },
    remove: { done: 'deleted {}', tried: 'delete {}' },
    everything: { done: 'fetched all that is recorded', tried: 'fetch all that is recorded' },
    export: { done: 'fetched an extract of the information', tried: 'fetch an extract of the information' },
    import: { done: 'entered information from another system', tried: 'enter information from another system' },
    check: { done: 'checked {}', tried: 'check {}' },
    signIn: { done: 'signed in', tried: 'sign in' },
    glass: { done: 'took emergency access', tried: 'get emergency access' },
  },
  things: {
    CarePlan: 'the plan',
    CareTeam: 'the care team',
    Goal: 'goals',
    Task: 'measures',
    Observation: 'scores and own words',
    Questionnaire: 'forms',
    QuestionnaireResponse: 'completed forms',
    Patient: 'personal details',
    RelatedPerson: 'details of relatives',
    Consent: 'consents',
    ServiceRequest: 'reported needs',
    Communication: 'messages between the services',
    Appointment: 'appointments',
    Provenance: 'the record of changes',
    AuditEvent: 'the access log',
    Composition: 'documents',
    DocumentReference: 'documents',
    Binary: 'documents',
  },
  otherThings: 'other information',
  purposes: {
    TREAT: 'treatment',
    ETREAT: 'emergency treatment',
    COC: 'coordination of care',
    BTG: 'emergency access',
    PATRQT: 'own access',
    FAMRQT: 'access for relatives',
    HSYSADMIN: 'operation of the service',
  },
  otherPurpose: 'another purpose',
  refused: (tried) => `tried to ${tried}, but was refused access`,
  failed: (tried) => `tried to ${tried}, without success`,
  used: 'used the information',
  emergency: (done) => `used emergency access and ${done}`,
  reason: (text) => `Reason given: ${text}`,
  from: { done: 'opened Fellesplan from {}', tried: 'open Fellesplan from {}' },
  purpose: 'Purpose',
  through: 'Through',
  you: 'You',
  patient: 'The patient',
  kin: 'A relative',
  privatePerson: 'A private person',
  employee: 'An employee without a name here',
  system: 'A computer system',
  systemOf: (organization) => `A computer system at ${organization}`,
  unknown: 'Unknown',
};

export const WORDS: Readonly<Record<Language, Words>> = { nb, nn, en };
