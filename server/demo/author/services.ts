/**
 * The service directory: what there is to ask for, whom it is for, and when somebody answers.
 *
 * Spec: https://hl7.org/fhir/R4/healthcareservice.html
 */
import type { Resource } from '../../fhir/resource.ts';
import { organizationReference } from './cast.ts';
import { phoneNumber } from './numbers.ts';
import type { OrganizationKey } from './organizations.ts';

interface ServiceFact {
  readonly name: string;
  /** Whom it is for and how to get it, as one would tell a colleague. */
  readonly comment: string;
  readonly hours: 'office' | 'day-and-night' | 'every-day';
}

const SERVICES: Partial<Record<OrganizationKey, ServiceFact>> = {
  'solvik-ke': {
    name: 'Koordinerende enhet i Solvik',
    comment: 'Meld behov for koordinator, individuell plan eller oppfølgingsteam. Svar innen fem virkedager.',
    hours: 'office',
  },
  'solvik-tildeling': {
    name: 'Tildelingskontoret i Solvik',
    comment: 'Søknad om tjenester. Sykehuset ringer vaktnummeret om utskrivningsklare pasienter.',
    hours: 'every-day',
  },
  'solvik-hjemmetjeneste': {
    name: 'Hjemmesykepleien i Solvik',
    comment: 'Sykepleie hjemme hele døgnet. Ring vakthavende sykepleier ved endring.',
    hours: 'day-and-night',
  },
  'solvik-rehab': {
    name: 'Rehabilitering og hverdagsmestring',
    comment: 'Fysio- og ergoterapi, logoped og hverdagsrehabilitering. Innbyggere kan ta kontakt selv.',
    hours: 'office',
  },
  'solvik-dho': {
    name: 'Responssenteret',
    comment: 'Digital hjemmeoppfølging ved hjertesvikt, KOLS og diabetes. Legen eller poliklinikken søker inn.',
    hours: 'every-day',
  },
  'solvik-psykisk-helse': { name: 'Psykisk helse og rus', comment: 'Lavterskel, uten henvisning. Mottak hver formiddag.', hours: 'office' },
  'solvik-helsestasjon': {
    name: 'Helsestasjon, jordmor og skolehelsetjeneste',
    comment: 'Gravide, barn og unge til 20 år. Helsestasjon for ungdom onsdag kveld.',
    hours: 'office',
  },
  'solvik-bolig': { name: 'Boligkontoret', comment: 'Kommunal bolig, startlån og booppfølging.', hours: 'office' },
  'solvik-barnevern': {
    name: 'Barneverntjenesten i Solvik',
    comment: 'Drøft gjerne anonymt før melding. Barnevernvakt etter kontortid.',
    hours: 'day-and-night',
  },
  'solvik-ppt': { name: 'PP-tjenesten i Solvik', comment: 'Barnehage, skole og foreldre kan ta kontakt.', hours: 'office' },
  'nav-solvik': { name: 'Nav Solvik', comment: 'Fast kontaktperson for FACT-teamet og for koordinatorer: Gro Myrvoll.', hours: 'office' },
  'havna-frivilligsentral': {
    name: 'Havna frivilligsentral',
    comment: 'Støttekontakt, besøksvenn, strikkekafé og skyss.',
    hours: 'office',
  },
  'granheim-ke': {
    name: 'Koordinerande eining i Granheim',
    comment: 'Meld behov for koordinator, barnekoordinator, individuell plan eller oppfølgingsteam.',
    hours: 'office',
  },
  'granheim-heimeteneste': { name: 'Heimesjukepleia i Granheim', comment: 'Sjukepleie heime heile døgnet.', hours: 'day-and-night' },
  'granheim-psykisk-helse': {
    name: 'Psykisk helse og rus i Granheim',
    comment: 'Samtale utan tilvising, ambulant oppfølging.',
    hours: 'office',
  },
  'nordvag-ke': {
    name: 'Koordinerende enhet i Nordvåg',
    comment: 'Samisk- og norskspråklig. Meld behov for koordinator eller plan.',
    hours: 'office',
  },
  'fjordheim-ke': {
    name: 'Koordinerende enhet på Fjordheim sykehus',
    comment: 'For ansatte og kommuner: koordinator i sykehus, barnekoordinator og samarbeid om utskriving.',
    hours: 'office',
  },
  'fjordheim-fact': {
    name: 'FACT-teamet i Solvik',
    comment: 'Alvorlig psykisk lidelse og rus. Ring teamtelefonen, én av oss svarer alltid på dagtid.',
    hours: 'every-day',
  },
  'fjordheim-hjerte': {
    name: 'Hjertesviktpoliklinikken',
    comment: 'Sykepleier svarer responssenteret og fastlegen samme dag.',
    hours: 'office',
  },
  'fjordheim-infeksjon': {
    name: 'Hjemmebasert intravenøs behandling',
    comment: 'Opplæring av hjemmetjenesten før hjemreise. Vakttelefon døgnet rundt.',
    hours: 'day-and-night',
  },
  'fjordheim-kvinne': {
    name: 'Min jordmor',
    comment: 'Kjent jordmor gjennom svangerskap, fødsel og barseltid. Jordmor på helsestasjonen søker inn.',
    hours: 'day-and-night',
  },
  'fjordheim-lindrende': {
    name: 'Lindrende team',
    comment: 'Råd til fastlege og hjemmetjeneste, hjemmebesøk ved behov.',
    hours: 'every-day',
  },
};

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'];

const HOURS: Record<ServiceFact['hours'], Record<string, unknown>> = {
  office: { daysOfWeek: WEEKDAYS, availableStartTime: '08:00:00', availableEndTime: '15:30:00' },
  'every-day': { daysOfWeek: [...WEEKDAYS, 'sat', 'sun'], availableStartTime: '08:00:00', availableEndTime: '20:00:00' },
  'day-and-night': { daysOfWeek: [...WEEKDAYS, 'sat', 'sun'], allDay: true },
};

/** One HealthcareService for each service that others turn to. */
export function serviceDirectory(): Resource[] {
  return Object.entries(SERVICES).map(([key, fact]) => ({
    resourceType: 'HealthcareService',
    id: key,
    active: true,
    providedBy: organizationReference(key as OrganizationKey),
    name: fact.name,
    comment: fact.comment,
    telecom: [{ system: 'phone', value: phoneNumber(`org-${key}`), use: 'work' }],
    availableTime: [HOURS[fact.hours]],
  }));
}
