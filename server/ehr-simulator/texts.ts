/** Texts of the simulated EHRs in bokmål, nynorsk and English. What stands in the record itself is in the words of the record. */
import type { Language } from '../fhir/language.ts';
import type { EhrLook } from './look.ts';

/** What a kind of record calls its patients. */
export interface PlaceTexts {
  readonly patientsHeading: string;
  /** The part of the list with those the user takes part with. */
  readonly ownHeading: string;
  readonly searchLabel: string;
  readonly staysHeading: string;
}

export interface EhrTexts {
  readonly languageName: string;
  readonly skip: string;
  readonly chooseLanguage: string;
  readonly chooseUser: string;
  readonly userHeading: string;
  readonly userLead: string;
  readonly findUser: string;
  readonly search: string;
  readonly showAll: string;
  readonly noUsers: string;
  readonly noUserFound: string;
  readonly synthetic: string;
  /** Some names, and how many more there are. */
  readonly follows: (names: string, more: number) => string;
  readonly persons: (count: number, isSearch: boolean) => string;
  readonly others: string;
  readonly name: string;
  readonly nationalNumber: string;
  readonly born: string;
  readonly gender: string;
  readonly address: string;
  readonly phone: string;
  readonly patient: string;
  readonly toList: string;
  readonly nothingRecorded: string;
  readonly plan: string;
  readonly planOf: (name: string) => string;
  readonly changeUser: string;
  readonly toFront: string;
  readonly notFoundTitle: string;
  readonly notFoundText: string;
  readonly oldFormTitle: string;
  readonly oldFormText: string;
  readonly from: (day: string) => string;
  /** Between day, month and year. */
  readonly betweenDateParts: string;
  readonly genders: Readonly<Record<string, string>>;
  readonly stayStates: Readonly<Record<string, string>>;
  /** By codes of HL7's ActEncounterCode. */
  readonly contactClasses: Readonly<Record<string, string>>;
  readonly contact: string;
  readonly places: Readonly<Record<EhrLook['theme'], PlaceTexts>>;
}

export const EHR_TEXTS: Readonly<Record<Language, EhrTexts>> = {
  nb: {
    languageName: 'Bokmål',
    skip: 'Hopp til innholdet',
    chooseLanguage: 'Språk',
    chooseUser: 'Velg bruker',
    userHeading: 'Velg hvem du er',
    userLead:
      'Dette er et simulert journalsystem. Valget her står i stedet for vanlig innlogging. Under hver bruker står pasientene som brukeren følger opp.',
    findUser: 'Finn bruker: navn, rolle eller tjeneste',
    search: 'Søk',
    showAll: 'Vis alle',
    noUsers: 'Ingen brukere er lagt inn ennå. Last siden på nytt når demodataene er på plass.',
    noUserFound: 'Ingen brukere passer med søket.',
    synthetic: 'Alle personer er oppdiktet, og fødselsnumrene er syntetiske.',
    follows: (names, more) => `Følger opp ${names}${more === 0 ? '' : ` og ${more} til`}`,
    persons: (count, isSearch) => `${count} ${count === 1 ? 'person' : 'personer'}${isSearch ? ' passer med søket' : ''}`,
    others: 'Andre i journalen',
    name: 'Navn',
    nationalNumber: 'Fødselsnummer',
    born: 'Født',
    gender: 'Kjønn',
    address: 'Adresse',
    phone: 'Telefon',
    patient: 'Pasient',
    toList: 'Til listen',
    nothingRecorded: 'Ingen registrert.',
    plan: 'Felles plan',
    planOf: (name) => `Felles plan for ${name}`,
    changeUser: 'Bytt bruker',
    toFront: 'Til forsiden av journalen',
    notFoundTitle: 'Ikke funnet',
    notFoundText: 'Denne personen finnes ikke i journalen.',
    oldFormTitle: 'Skjemaet er for gammelt',
    oldFormText: 'Åpne siden på nytt og prøv igjen.',
    from: (day) => `fra ${day}`,
    betweenDateParts: '.',
    genders: { female: 'Kvinne', male: 'Mann', other: 'Annet', unknown: 'Ukjent' },
    stayStates: { planned: 'Planlagt', arrived: 'Ankommet', 'in-progress': 'Pågår', onleave: 'Permisjon', finished: 'Avsluttet' },
    contactClasses: {
      AMB: 'Poliklinisk kontakt',
      EMER: 'Øyeblikkelig hjelp',
      HH: 'Hjemmebesøk',
      IMP: 'Innleggelse',
      ACUTE: 'Innleggelse',
      NONAC: 'Korttidsopphold',
      SS: 'Dagopphold',
      VR: 'Digital kontakt',
    },
    contact: 'Kontakt',
    places: {
      hospital: {
        patientsHeading: 'Inneliggende og polikliniske pasienter',
        ownHeading: 'Mine pasienter',
        searchLabel: 'Søk i pasientlisten: navn eller fødselsnummer',
        staysHeading: 'Opphold og kontakter',
      },
      municipality: {
        patientsHeading: 'Tjenestemottakere',
        ownHeading: 'Mine tjenestemottakere',
        searchLabel: 'Finn tjenestemottaker: navn eller fødselsnummer',
        staysHeading: 'Tjenester og kontakter',
      },
    },
  },
  nn: {
    languageName: 'Nynorsk',
    skip: 'Hopp til innhaldet',
    chooseLanguage: 'Språk',
    chooseUser: 'Vel brukar',
    userHeading: 'Vel kven du er',
    userLead:
      'Dette er eit simulert journalsystem. Valet her står i staden for vanleg innlogging. Under kvar brukar står pasientane som brukaren følgjer opp.',
    findUser: 'Finn brukar: namn, rolle eller teneste',
    search: 'Søk',
    showAll: 'Vis alle',
    noUsers: 'Ingen brukarar er lagde inn enno. Last sida på nytt når demodataa er på plass.',
    noUserFound: 'Ingen brukarar passar med søket.',
    synthetic: 'Alle personar er oppdikta, og fødselsnummera er syntetiske.',
    follows: (names, more) => `Følgjer opp ${names}${more === 0 ? '' : ` og ${more} til`}`,
    persons: (count, isSearch) => `${count} ${count === 1 ? 'person' : 'personar'}${isSearch ? ' passar med søket' : ''}`,
    others: 'Andre i journalen',
    name: 'Namn',
    nationalNumber: 'Fødselsnummer',
    born: 'Fødd',
    gender: 'Kjønn',
    address: 'Adresse',
    phone: 'Telefon',
    patient: 'Pasient',
    toList: 'Til lista',
    nothingRecorded: 'Ingen registrert.',
    plan: 'Felles plan',
    planOf: (name) => `Felles plan for ${name}`,
    changeUser: 'Byt brukar',
    toFront: 'Til framsida av journalen',
    notFoundTitle: 'Ikkje funnen',
    notFoundText: 'Denne personen finst ikkje i journalen.',
    oldFormTitle: 'Skjemaet er for gammalt',
    oldFormText: 'Opne sida på nytt og prøv igjen.',
    from: (day) => `frå ${day}`,
    betweenDateParts: '.',
    genders: { female: 'Kvinne', male: 'Mann', other: 'Anna', unknown: 'Ukjent' },
    stayStates: { planned: 'Planlagd', arrived: 'Komen', 'in-progress': 'Går føre seg', onleave: 'Permisjon', finished: 'Avslutta' },
    contactClasses: {
      AMB: 'Poliklinisk kontakt',
      EMER: 'Augeblikkeleg hjelp',
      HH: 'Heimebesøk',
      IMP: 'Innlegging',
      ACUTE: 'Innlegging',
      NONAC: 'Korttidsopphald',
      SS: 'Dagopphald',
      VR: 'Digital kontakt',
    },
    contact: 'Kontakt',
    places: {
      hospital: {
        patientsHeading: 'Inneliggjande og polikliniske pasientar',
        ownHeading: 'Pasientane mine',
        searchLabel: 'Søk i pasientlista: namn eller fødselsnummer',
        staysHeading: 'Opphald og kontaktar',
      },
      municipality: {
        patientsHeading: 'Tenestemottakarar',
        ownHeading: 'Tenestemottakarane mine',
        searchLabel: 'Finn tenestemottakar: namn eller fødselsnummer',
        staysHeading: 'Tenester og kontaktar',
      },
    },
  },
  en: {
    languageName: 'English',
    skip: 'Skip to content',
    chooseLanguage: 'Language',
    chooseUser: 'Choose user',
    userHeading: 'Choose who you are',
    userLead:
      'This is a simulated record system. The choice here stands in for a sign-in. Below each user are the patients whom they follow up.',
    findUser: 'Find user: name, role or service',
    search: 'Search',
    showAll: 'Show all',
    noUsers: 'No users have been loaded yet. Reload the page when the demo data are there.',
    noUserFound: 'No users match the search.',
    synthetic: 'All people are invented, and their national identity numbers are synthetic.',
    follows: (names, more) => `Follows up ${names}${more === 0 ? '' : ` and ${more} more`}`,
    persons: (count, isSearch) => `${count} ${count === 1 ? 'person' : 'people'}${isSearch ? ' found' : ''}`,
    others: 'Others in the record',
    name: 'Name',
    nationalNumber: 'National identity number',
    born: 'Born',
    gender: 'Gender',
    address: 'Address',
    phone: 'Telephone',
    patient: 'Patient',
    toList: 'Back to the list',
    nothingRecorded: 'None recorded.',
    plan: 'Shared plan',
    planOf: (name) => `Shared plan of ${name}`,
    changeUser: 'Change user',
    toFront: 'To the front page of the record',
    notFoundTitle: 'Not found',
    notFoundText: 'This person is not in the record.',
    oldFormTitle: 'The form is too old',
    oldFormText: 'Open the page again and try once more.',
    from: (day) => `from ${day}`,
    betweenDateParts: '/',
    genders: { female: 'Female', male: 'Male', other: 'Other', unknown: 'Unknown' },
    stayStates: { planned: 'Planned', arrived: 'Arrived', 'in-progress': 'In progress', onleave: 'On leave', finished: 'Finished' },
    contactClasses: {
      AMB: 'Outpatient contact',
      EMER: 'Emergency',
      HH: 'Home visit',
      IMP: 'Admission',
      ACUTE: 'Admission',
      NONAC: 'Short stay',
      SS: 'Day stay',
      VR: 'Digital contact',
    },
    contact: 'Contact',
    places: {
      hospital: {
        patientsHeading: 'Inpatients and outpatients',
        ownHeading: 'My patients',
        searchLabel: 'Search the patients: name or national identity number',
        staysHeading: 'Stays and contacts',
      },
      municipality: {
        patientsHeading: 'Service recipients',
        ownHeading: 'My service recipients',
        searchLabel: 'Find a service recipient: name or national identity number',
        staysHeading: 'Services and contacts',
      },
    },
  },
};
