/** Texts of the sign-in pages in bokmål, nynorsk and English. */
import type { Language } from '../../fhir/language.ts';
import type { Category } from './scope-parts.ts';
import type { ExternalRefusal } from './sign-in.ts';

export interface SignInTexts {
  readonly languageName: string;
  readonly skip: string;
  readonly chooseLanguage: string;
  readonly userHeading: string;
  readonly userLead: string;
  readonly noUsers: string;
  readonly externalHeading: string;
  readonly externalLead: string;
  readonly externalButton: (provider: string) => string;
  readonly patientHeading: string;
  readonly patientLead: (app: string) => string;
  readonly search: string;
  readonly searchButton: string;
  readonly noPatients: string;
  /** Nobody has searched for anything, and there is nobody. */
  readonly nobodyToOpen: string;
  readonly consentHeading: (app: string) => string;
  readonly consentLead: (user: string) => string;
  readonly aboutPatient: string;
  readonly born: (day: string) => string;
  /** For days as they are written out. */
  readonly locale: string;
  /** Between the last two of several rights. */
  readonly and: string;
  readonly mayChoose: string;
  readonly always: string;
  readonly allow: string;
  readonly refuse: string;
  readonly goneTitle: string;
  readonly goneText: string;
  readonly scopes: Readonly<Record<'openid' | 'fhirUser' | 'profile' | 'launch/patient' | 'offline_access' | 'online_access', string>>;
  readonly level: Readonly<Record<'patient' | 'user', (what: string) => string>>;
  readonly everything: string;
  readonly only: (query: string) => string;
  readonly onlyOf: (category: string) => string;
  /** Above the parts of a scope that can be given when the whole is taken away. */
  readonly parts: string;
  readonly categories: Readonly<Record<Category, string>>;
  readonly rights: Readonly<Record<'read' | 'search' | 'create' | 'update' | 'delete', string>>;
  readonly external: Readonly<Record<ExternalRefusal, string>>;
}

export const SIGN_IN_TEXTS: Readonly<Record<Language, SignInTexts>> = {
  nb: {
    languageName: 'Bokmål',
    skip: 'Hopp til innholdet',
    chooseLanguage: 'Språk',
    userHeading: 'Velg hvem du er',
    userLead: 'Dette er et simulert system. Valget her står i stedet for vanlig innlogging.',
    noUsers: 'Ingen brukere er lagt inn ennå.',
    externalHeading: 'Logg inn',
    externalLead: 'Du logger inn med elektronisk ID på høyeste sikkerhetsnivå.',
    externalButton: (provider) => `Logg inn med ${provider}`,
    patientHeading: 'Hvem gjelder det?',
    patientLead: (app) => `${app} åpnes for én person om gangen.`,
    search: 'Navn eller fødselsnummer',
    searchButton: 'Søk',
    noPatients: 'Ingen du kan åpne, passer med søket.',
    nobodyToOpen: 'Det er ingen du kan åpne opplysninger om her.',
    consentHeading: (app) => `Skal ${app} få tilgang?`,
    consentLead: (user) => `Du er logget inn som ${user}.`,
    aboutPatient: 'Gjelder',
    born: (day) => `Født ${day}`,
    locale: 'nb-NO',
    and: 'og',
    mayChoose: 'Du kan ta bort det appen ikke skal få gjøre:',
    always: 'Dette trenger appen for å virke:',
    allow: 'Gi tilgang',
    refuse: 'Avbryt',
    goneTitle: 'Innloggingen er utløpt',
    goneText: 'Gå tilbake til appen og start på nytt.',
    scopes: {
      openid: 'vite hvem du er',
      fhirUser: 'kjenne din egen oppføring i systemet',
      profile: 'vite hva du heter',
      'launch/patient': 'vite hvilken person du har valgt',
      offline_access: 'beholde tilgangen også når du ikke er logget inn',
      online_access: 'beholde tilgangen så lenge du er logget inn',
    },
    level: { patient: (what) => `${what} om personen du har valgt`, user: (what) => `${what} som du selv har tilgang til` },
    everything: 'alle opplysninger',
    only: (query) => `bare der ${query}`,
    onlyOf: (category) => `bare ${category}`,
    parts: 'Tar du bort dette, kan appen likevel få noe av det:',
    categories: {
      survey: 'skår og svar på skjema',
      'vital-signs': 'målinger, som vekt og blodtrykk',
      laboratory: 'prøvesvar',
      'social-history': 'opplysninger om levekår',
      'problem-list-item': 'diagnoser på problemlisten',
      'encounter-diagnosis': 'diagnoser fra opphold og kontakter',
    },
    rights: { read: 'lese', search: 'søke i', create: 'legge til', update: 'endre', delete: 'slette' },
    external: {
      unreachable: 'Innloggingstjenesten svarer ikke nå. Prøv igjen om litt.',
      refused: 'Innloggingen ble avbrutt.',
      invalid: 'Svaret fra innloggingstjenesten kunne ikke godtas.',
      securityLevel: 'Du må logge inn på sikkerhetsnivå 4.',
      unknownUser: 'Du er ikke registrert som bruker her.',
    },
  },
  nn: {
    languageName: 'Nynorsk',
    skip: 'Hopp til innhaldet',
    chooseLanguage: 'Språk',
    userHeading: 'Vel kven du er',
    userLead: 'Dette er eit simulert system. Valet her står i staden for vanleg innlogging.',
    noUsers: 'Ingen brukarar er lagde inn enno.',
    externalHeading: 'Logg inn',
    externalLead: 'Du loggar inn med elektronisk ID på høgaste tryggleiksnivå.',
    externalButton: (provider) => `Logg inn med ${provider}`,
    patientHeading: 'Kven gjeld det?',
    patientLead: (app) => `${app} blir opna for éin person om gongen.`,
    search: 'Namn eller fødselsnummer',
    searchButton: 'Søk',
    noPatients: 'Ingen du kan opne, passar med søket.',
    nobodyToOpen: 'Det er ingen du kan opne opplysningar om her.',
    consentHeading: (app) => `Skal ${app} få tilgang?`,
    consentLead: (user) => `Du er logga inn som ${user}.`,
    aboutPatient: 'Gjeld',
    born: (day) => `Fødd ${day}`,
    locale: 'nn-NO',
    and: 'og',
    mayChoose: 'Du kan ta bort det appen ikkje skal få gjere:',
    always: 'Dette treng appen for å verke:',
    allow: 'Gi tilgang',
    refuse: 'Avbryt',
    goneTitle: 'Innlogginga har gått ut',
    goneText: 'Gå tilbake til appen og start på nytt.',
    scopes: {
      openid: 'vite kven du er',
      fhirUser: 'kjenne di eiga oppføring i systemet',
      profile: 'vite kva du heiter',
      'launch/patient': 'vite kva person du har valt',
      offline_access: 'halde på tilgangen også når du ikkje er logga inn',
      online_access: 'halde på tilgangen så lenge du er logga inn',
    },
    level: { patient: (what) => `${what} om personen du har valt`, user: (what) => `${what} som du sjølv har tilgang til` },
    everything: 'alle opplysningar',
    only: (query) => `berre der ${query}`,
    onlyOf: (category) => `berre ${category}`,
    parts: 'Tek du bort dette, kan appen likevel få noko av det:',
    categories: {
      survey: 'skårar og svar på skjema',
      'vital-signs': 'målingar, som vekt og blodtrykk',
      laboratory: 'prøvesvar',
      'social-history': 'opplysningar om levekår',
      'problem-list-item': 'diagnosar på problemlista',
      'encounter-diagnosis': 'diagnosar frå opphald og kontaktar',
    },
    rights: { read: 'lese', search: 'søkje i', create: 'leggje til', update: 'endre', delete: 'slette' },
    external: {
      unreachable: 'Innloggingstenesta svarar ikkje no. Prøv igjen om litt.',
      refused: 'Innlogginga vart avbroten.',
      invalid: 'Svaret frå innloggingstenesta kunne ikkje godtakast.',
      securityLevel: 'Du må logge inn på tryggleiksnivå 4.',
      unknownUser: 'Du er ikkje registrert som brukar her.',
    },
  },
  en: {
    languageName: 'English',
    skip: 'Skip to content',
    chooseLanguage: 'Language',
    userHeading: 'Choose who you are',
    userLead: 'This is a simulated system. The choice here stands in place of a real sign-in.',
    noUsers: 'There are no users yet.',
    externalHeading: 'Sign in',
    externalLead: 'You sign in with an electronic ID of the highest security level.',
    externalButton: (provider) => `Sign in with ${provider}`,
    patientHeading: 'Who is it about?',
    patientLead: (app) => `${app} is opened for one person at a time.`,
    search: 'Name or national identity number',
    searchButton: 'Search',
    noPatients: 'Nobody whose information you may open fits the search.',
    nobodyToOpen: 'There is nobody whose information you may open here.',
    consentHeading: (app) => `May ${app} have access?`,
    consentLead: (user) => `You are signed in as ${user}.`,
    aboutPatient: 'About',
    born: (day) => `Born ${day}`,
    locale: 'en-GB',
    and: 'and',
    mayChoose: 'Untick what the app should not be allowed to do:',
    always: 'The app needs this to work:',
    allow: 'Allow',
    refuse: 'Cancel',
    goneTitle: 'The sign-in has expired',
    goneText: 'Go back to the app and begin again.',
    scopes: {
      openid: 'know who you are',
      fhirUser: 'know your own entry in the system',
      profile: 'know your name',
      'launch/patient': 'know whom you have chosen',
      offline_access: 'keep its access when you are not signed in',
      online_access: 'keep its access while you are signed in',
    },
    level: { patient: (what) => `${what} about the person you have chosen`, user: (what) => `${what} that you yourself may open` },
    everything: 'all information',
    only: (query) => `only where ${query}`,
    onlyOf: (category) => `only ${category}`,
    parts: 'If you take this away, the app may still have some of it:',
    categories: {
      survey: 'scores and answers to forms',
      'vital-signs': 'measurements such as weight and blood pressure',
      laboratory: 'test results',
      'social-history': 'information on living conditions',
      'problem-list-item': 'diagnoses on the problem list',
      'encounter-diagnosis': 'diagnoses from stays and contacts',
    },
    rights: { read: 'read', search: 'search', create: 'add', update: 'change', delete: 'delete' },
    external: {
      unreachable: 'The sign-in service does not answer. Try again in a moment.',
      refused: 'The sign-in was cancelled.',
      invalid: 'The answer of the sign-in service could not be accepted.',
      securityLevel: 'You have to sign in at security level 4.',
      unknownUser: 'You are not registered as a user here.',
    },
  },
};
