/** Texts of the front page and the conformance page in bokmål, nynorsk and English. */

export const LANGUAGES = ['nb', 'nn', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export interface FrontPageTexts {
  readonly languageName: string;
  readonly title: string;
  readonly lead: string;
  readonly skip: string;
  readonly chooseLanguage: string;
  readonly tryHeading: string;
  readonly hospitalLink: string;
  readonly hospitalText: string;
  readonly municipalityLink: string;
  readonly municipalityText: string;
  readonly noSimulators: string;
  readonly buildHeading: string;
  readonly fhirLink: string;
  readonly fhirText: string;
  readonly smartLink: string;
  readonly smartText: string;
  readonly conformanceLink: string;
  readonly conformanceText: string;
  readonly tokenHeading: string;
  readonly tokenText: string;
  readonly conformanceTitle: string;
  readonly conformanceComing: string;
  readonly back: string;
  readonly synthetic: string;
}

export const FRONT_PAGE_TEXTS: Readonly<Record<Language, FrontPageTexts>> = {
  nb: {
    languageName: 'Bokmål',
    title: 'Fellesplan',
    lead: 'Én felles plan for sykehus og kommune – for personer som trenger mange tjenester samtidig.',
    skip: 'Hopp til innholdet',
    chooseLanguage: 'Språk',
    tryHeading: 'Se planen i bruk',
    hospitalLink: 'Åpne sykehusets journalsystem',
    hospitalText: 'Velg en bruker og en pasient, og åpne den felles planen inne i journalen.',
    municipalityLink: 'Åpne kommunens journalsystem',
    municipalityText: 'Samme person, samme plan, samme versjon – sett fra kommunen.',
    noSimulators: 'De simulerte journalsystemene finnes bare i demomodus.',
    buildHeading: 'For deg som skal koble til eller teste',
    fhirLink: 'FHIR R4-API: CapabilityStatement',
    fhirText: 'Hva serveren kan. Alt annet under denne adressen krever et tilgangstoken.',
    smartLink: 'SMART-konfigurasjon',
    smartText: 'Adresser for autorisasjon og token, slik SMART App Launch 2.2 beskriver dem.',
    conformanceLink: 'Samsvarstest for leverandører',
    conformanceText: 'Kommer.',
    tokenHeading: 'Et token til curl',
    tokenText: 'Fra en kopi av prosjektet, mens serveren kjører:',
    conformanceTitle: 'Samsvarstest for leverandører',
    conformanceComing:
      'Testsettet for leverandører kommer. Frem til da kan en ressurs kontrolleres mot profilene med $validate på FHIR-API-et.',
    back: 'Til forsiden',
    synthetic: 'Alle personer i demoen er oppdiktet, og fødselsnumrene er syntetiske.',
  },
  nn: {
    languageName: 'Nynorsk',
    title: 'Fellesplan',
    lead: 'Éin felles plan for sjukehus og kommune – for personar som treng mange tenester samstundes.',
    skip: 'Hopp til innhaldet',
    chooseLanguage: 'Språk',
    tryHeading: 'Sjå planen i bruk',
    hospitalLink: 'Opne journalsystemet til sjukehuset',
    hospitalText: 'Vel ein brukar og ein pasient, og opne den felles planen inne i journalen.',
    municipalityLink: 'Opne journalsystemet til kommunen',
    municipalityText: 'Same person, same plan, same versjon – sett frå kommunen.',
    noSimulators: 'Dei simulerte journalsystema finst berre i demomodus.',
    buildHeading: 'For deg som skal kople til eller teste',
    fhirLink: 'FHIR R4-API: CapabilityStatement',
    fhirText: 'Kva serveren kan. Alt anna under denne adressa krev eit tilgangstoken.',
    smartLink: 'SMART-konfigurasjon',
    smartText: 'Adresser for autorisasjon og token, slik SMART App Launch 2.2 skildrar dei.',
    conformanceLink: 'Samsvarstest for leverandørar',
    conformanceText: 'Kjem.',
    tokenHeading: 'Eit token til curl',
    tokenText: 'Frå ein kopi av prosjektet, medan serveren køyrer:',
    conformanceTitle: 'Samsvarstest for leverandørar',
    conformanceComing:
      'Testsettet for leverandørar kjem. Fram til då kan ein ressurs kontrollerast mot profilane med $validate på FHIR-API-et.',
    back: 'Til framsida',
    synthetic: 'Alle personar i demoen er oppdikta, og fødselsnummera er syntetiske.',
  },
  en: {
    languageName: 'English',
    title: 'Fellesplan',
    lead: 'One plan shared by hospital and municipality – for people who need many services at once.',
    skip: 'Skip to content',
    chooseLanguage: 'Language',
    tryHeading: 'See the plan in use',
    hospitalLink: 'Open the hospital EHR',
    hospitalText: 'Choose a user and a patient, and open the shared plan inside the record.',
    municipalityLink: 'Open the municipal EHR',
    municipalityText: 'Same person, same plan, same version – seen from the municipality.',
    noSimulators: 'The simulated EHRs exist in demo mode only.',
    buildHeading: 'For those who connect or test',
    fhirLink: 'FHIR R4 API: CapabilityStatement',
    fhirText: 'What the server can do. Everything else at this address needs an access token.',
    smartLink: 'SMART configuration',
    smartText: 'Where to authorize and get tokens, as SMART App Launch 2.2 describes it.',
    conformanceLink: 'Conformance tests for vendors',
    conformanceText: 'Coming.',
    tokenHeading: 'A token for curl',
    tokenText: 'From a checkout, while the server runs:',
    conformanceTitle: 'Conformance tests for vendors',
    conformanceComing:
      'The test kit for vendors is coming. Until then, a resource can be checked against the profiles with $validate on the FHIR API.',
    back: 'To the front page',
    synthetic: 'All people in the demo are invented, and their identity numbers are synthetic.',
  },
};
