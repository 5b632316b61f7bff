/** Texts of the front page, the conformance page and the page that is not there, in bokmål, nynorsk and English. */
import type { Language } from '../../fhir/language.ts';

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
  readonly signInLink: string;
  readonly signInText: string;
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
  readonly conformanceLead: string;
  readonly conformanceFile: string;
  readonly conformanceHttp: string;
  readonly conformanceAnswer: string;
  readonly conformanceSmart: string;
  readonly conformancePackage: string;
  readonly pairsHeading: string;
  readonly user: string;
  readonly patient: string;
  readonly shows: string;
  readonly hospital: string;
  readonly municipality: string;
  readonly notFoundTitle: string;
  readonly notFoundText: string;
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
    signInLink: 'Logg inn for å se planen',
    signInText: 'For den planen gjelder, pårørende og ansatte, uten journalsystem.',
    noSimulators: 'De simulerte journalsystemene finnes bare i demomodus.',
    buildHeading: 'For deg som skal koble til eller teste',
    fhirLink: 'FHIR R4-API: CapabilityStatement',
    fhirText: 'Hva serveren kan. Alt annet under denne adressen krever et tilgangstoken.',
    smartLink: 'SMART-konfigurasjon',
    smartText: 'Adresser for autorisasjon og token, slik SMART App Launch 2.2 beskriver dem.',
    conformanceLink: 'Samsvar med profilene',
    conformanceText: 'Kontroller egne ressurser, fra kommandolinjen eller over HTTP.',
    tokenHeading: 'Et token til curl',
    tokenText: 'Fra en kopi av prosjektet, mens serveren kjører:',
    conformanceTitle: 'Samsvar med profilene',
    conformanceLead:
      'Det som lagres, kontrolleres mot FHIR R4 og mot profilene det oppgir i meta.profile. Den samme kontrollen kan kjøres på egne data.',
    conformanceFile: 'Filer, fra en kopi av prosjektet:',
    conformanceHttp: 'En ressurs over HTTP, uten at den lagres:',
    conformanceAnswer: 'Svaret er en OperationOutcome som navngir elementet og regelen.',
    conformancePackage: 'Profilene som FHIR-pakke, for andre verktøy:',
    conformanceSmart: 'En SMART-server, prøvd mot SMART App Launch 2.2. Bruk et testsystem: det som skal nektes, blir også prøvd.',
    pairsHeading: 'Gode par å begynne med',
    user: 'Bruker',
    patient: 'Pasient',
    shows: 'Det du ser',
    hospital: 'sykehuset',
    municipality: 'kommunen',
    notFoundTitle: 'Siden finnes ikke',
    notFoundText: 'Adressen er feil, eller siden er flyttet.',
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
    signInLink: 'Logg inn for å sjå planen',
    signInText: 'For den planen gjeld, pårørande og tilsette, utan journalsystem.',
    noSimulators: 'Dei simulerte journalsystema finst berre i demomodus.',
    buildHeading: 'For deg som skal kople til eller teste',
    fhirLink: 'FHIR R4-API: CapabilityStatement',
    fhirText: 'Kva serveren kan. Alt anna under denne adressa krev eit tilgangstoken.',
    smartLink: 'SMART-konfigurasjon',
    smartText: 'Adresser for autorisasjon og token, slik SMART App Launch 2.2 skildrar dei.',
    conformanceLink: 'Samsvar med profilane',
    conformanceText: 'Kontroller eigne ressursar, frå kommandolinja eller over HTTP.',
    tokenHeading: 'Eit token til curl',
    tokenText: 'Frå ein kopi av prosjektet, medan serveren køyrer:',
    conformanceTitle: 'Samsvar med profilane',
    conformanceLead:
      'Det som blir lagra, blir kontrollert mot FHIR R4 og mot profilane det oppgir i meta.profile. Den same kontrollen kan køyrast på eigne data.',
    conformanceFile: 'Filer, frå ein kopi av prosjektet:',
    conformanceHttp: 'Ein ressurs over HTTP, utan at han blir lagra:',
    conformanceAnswer: 'Svaret er ein OperationOutcome som namngir elementet og regelen.',
    conformancePackage: 'Profilane som FHIR-pakke, for andre verktøy:',
    conformanceSmart: 'Ein SMART-server, prøvd mot SMART App Launch 2.2. Bruk eit testsystem: det som skal nektast, blir òg prøvd.',
    pairsHeading: 'Gode par å byrje med',
    user: 'Brukar',
    patient: 'Pasient',
    shows: 'Det du ser',
    hospital: 'sjukehuset',
    municipality: 'kommunen',
    notFoundTitle: 'Sida finst ikkje',
    notFoundText: 'Adressa er feil, eller sida er flytta.',
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
    signInLink: 'Sign in to see the plan',
    signInText: 'For the person the plan is about, relatives and staff, without a record system.',
    noSimulators: 'The simulated EHRs exist in demo mode only.',
    buildHeading: 'For those who connect or test',
    fhirLink: 'FHIR R4 API: CapabilityStatement',
    fhirText: 'What the server can do. Everything else at this address needs an access token.',
    smartLink: 'SMART configuration',
    smartText: 'Where to authorize and get tokens, as SMART App Launch 2.2 describes it.',
    conformanceLink: 'Conformance with the profiles',
    conformanceText: 'Check your own resources, from the command line or over HTTP.',
    tokenHeading: 'A token for curl',
    tokenText: 'From a checkout, while the server runs:',
    conformanceTitle: 'Conformance with the profiles',
    conformanceLead:
      'What is stored is checked against FHIR R4 and the profiles it names in meta.profile. The same check can be run on your own data.',
    conformanceFile: 'Files, from a checkout:',
    conformanceHttp: 'A resource over HTTP, without storing it:',
    conformanceAnswer: 'The answer is an OperationOutcome that names the element and the rule.',
    conformancePackage: 'The profiles as a FHIR package, for other tools:',
    conformanceSmart: 'A SMART server, held against SMART App Launch 2.2. Use a system for tests: what must be refused is tried as well.',
    pairsHeading: 'Good pairs to begin with',
    user: 'User',
    patient: 'Patient',
    shows: 'What you see',
    hospital: 'the hospital',
    municipality: 'the municipality',
    notFoundTitle: 'There is no such page',
    notFoundText: 'The address is wrong, or the page has moved.',
    back: 'To the front page',
    synthetic: 'All people in the demo are invented, and their identity numbers are synthetic.',
  },
};
