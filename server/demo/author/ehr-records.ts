/**
 * What the two simulated EHRs hold: Fjordheim hospital's record and Solvik municipality's, with several people in both.
 *
 * Spec: https://hl7.org/fhir/R4/encounter.html
 */
import type { EhrSpec, VisitSpec } from './ehr.ts';
import { ORGANIZATIONS, type OrganizationKey, topOrganization } from './organizations.ts';
import type { PersonSpec } from './spec.ts';
import { STAFF_KEYS, type StaffKey, staff } from './staff.ts';

const ORGANIZATION_KEYS = Object.keys(ORGANIZATIONS) as OrganizationKey[];

/** They take part in nobody's story today: whoever signs in as them would find no plan to open. */
const WITHOUT_A_PART: readonly StaffKey[] = ['maren-eidsmo', 'knut-ostervoll'];

/** Health personnel (those with an HPR number) of these services who take part in somebody's story. */
const personnelOf = (services: readonly OrganizationKey[]): StaffKey[] =>
  STAFF_KEYS.filter(
    (key) => staff(key).profession !== undefined && services.includes(staff(key).organization) && !WITHOUT_A_PART.includes(key),
  );

const visit = (
  person: string,
  kind: VisitSpec['kind'],
  status: VisitSpec['status'],
  at: OrganizationKey,
  by: StaffKey | null,
  from: number,
  reason: string,
  to?: number,
): VisitSpec => ({ person, kind, status, at, from, reason, ...(by === null ? {} : { with: by }), ...(to === undefined ? {} : { to }) });

/** Somebody whom both EHRs know and the shared service does not: nobody has asked for a plan. */
const UNKNOWN_TO_SHARED: PersonSpec = {
  id: 'birger-lonevikmo',
  given: 'Birger',
  family: 'Lonevikmo',
  gender: 'male',
  birthDate: '1951-08-28',
  home: 'solvik',
  street: 'Ytre Solvik 90',
  gp: 'lars-hegdalen',
};

const HOSPITAL_SERVICES = ORGANIZATION_KEYS.filter((key) => topOrganization(key) === 'fjordheim');
const MUNICIPAL_SERVICES: OrganizationKey[] = [
  'solvik',
  'solvik-ke',
  'solvik-hjemmetjeneste',
  'solvik-rehab',
  'solvik-dho',
  'solvik-psykisk-helse',
  'solvik-helsestasjon',
  'solvik-legesenter',
];

const hospital: EhrSpec = {
  name: 'hospital',
  base: 'https://fjordheim-sykehus.example/fhir',
  prefix: { patient: 'pas', practitioner: 'ansatt', role: 'rolle', organization: 'enhet', encounter: 'opphold' },
  patientNumberSystem: 'https://fjordheim-sykehus.example/pasientnummer',
  organizations: HOSPITAL_SERVICES,
  staff: personnelOf(HOSPITAL_SERVICES),
  visits: [
    visit('ingrid-solberg', 'IMP', 'finished', 'fjordheim-medisin', 'silje-amundrud', -24, 'Lungebetennelse og fall', -10),
    visit('astrid-moldskred', 'IMP', 'in-progress', 'fjordheim-medisin', 'silje-amundrud', -8, 'Forverring av hjertesvikt'),
    visit('solveig-brekkhus', 'IMP', 'in-progress', 'fjordheim-ortopedi', null, -6, 'Hoftebrudd, operert'),
    visit('gunnar-rodsetvik', 'IMP', 'finished', 'fjordheim-ortopedi', 'gunnhild-storlid', -15, 'Hoftebrudd, operert', -5),
    visit('jonas-lindvik', 'AMB', 'finished', 'fjordheim-habu', 'hilde-marie-sorlid', -42, 'Årskontroll i barnehabiliteringen', -42),
    visit('even-strandheim', 'AMB', 'in-progress', 'fjordheim-fact', 'tina-haugsund', -205, 'Oppfølging i FACT-teamet'),
    visit('arne-kvamsdal', 'AMB', 'in-progress', 'fjordheim-hjerte', 'ida-fredli', -55, 'Opptrapping av hjertesviktmedisiner'),
    visit('marit-haugstad', 'AMB', 'in-progress', 'fjordheim-rehab', 'bjarte-lonsethaug', -119, 'Etterkontroll etter hjerneslag'),
    visit(
      'kari-lonningdal',
      'HH',
      'in-progress',
      'fjordheim-infeksjon',
      'anne-gro-tangvik',
      -14,
      'Heimebasert intravenøs antibiotikabehandling',
    ),
    visit('selam-haile', 'AMB', 'in-progress', 'fjordheim-kvinne', 'sofie-malmlid', -105, 'Svangerskap uke 28'),
    visit('sara-fossdal', 'AMB', 'in-progress', 'fjordheim-bup', 'kaja-lindalen', -58, 'Spiseforstyrrelse'),
    visit('tor-egil-myrvang', 'AMB', 'finished', 'fjordheim-rehab', null, -200, 'Langvarige smerter', -90),
    visit('olav-tveitmo', 'AMB', 'finished', 'fjordheim-geriatri', 'henrik-walseth', -135, 'Utgreiing av demens', -135),
    visit('jakob-fjellvang', 'AMB', 'planned', 'fjordheim-habu', 'hilde-marie-sorlid', 12, 'Kontroll, heimeoksygen'),
    visit('leila-nordbyhagen', 'AMB', 'in-progress', 'fjordheim-kvinne', 'sofie-malmlid', -14, 'Barseltid'),
    visit('mikkel-aspelid', 'AMB', 'in-progress', 'fjordheim-fact', 'tina-haugsund', -80, 'Førstegangspsykose'),
    visit('randi-ostgardvik', 'HH', 'in-progress', 'fjordheim-lindrende', 'benedikte-raamyr', -28, 'Lindrende behandling hjemme'),
    visit('bjorn-tangeroy', 'HH', 'in-progress', 'fjordheim-nevro', 'stian-krokmo', -22, 'Ambulant slagteam'),
    visit('nils-bakkehavn', 'AMB', 'in-progress', 'fjordheim-lunge', 'vibeke-fosslid', -88, 'KOLS'),
    visit('hassan-rahimiyan', 'AMB', 'in-progress', 'fjordheim-nevro', 'nora-veumli', -170, 'Amyotrofisk lateralsklerose'),
    visit('birger-lonevikmo', 'AMB', 'finished', 'fjordheim-ortopedi', null, -3, 'Kneplager', -3),
    visit('ravdna-sarabakti', 'AMB', 'in-progress', 'fjordheim-hjerte', 'ida-fredli', -30, 'Etter hjerteoperasjon'),
    visit('kjell-oversandvik', 'AMB', 'planned', 'fjordheim-ortopedi', 'eirik-bakkelid', 9, 'Kontroll av sår'),
    visit('mathilde-ostbolid', 'AMB', 'in-progress', 'fjordheim-havo', 'geir-hestmo', -40, 'Overgang til voksenhabilitering'),
  ],
};

const municipality: EhrSpec = {
  name: 'municipality',
  base: 'https://solvik-kommune.example/fhir',
  prefix: { patient: 'bruker', practitioner: 'tilsatt', role: 'stilling', organization: 'tjeneste', encounter: 'forlop' },
  patientNumberSystem: 'https://solvik-kommune.example/brukernummer',
  organizations: MUNICIPAL_SERVICES,
  staff: personnelOf(MUNICIPAL_SERVICES),
  visits: [
    visit('ingrid-solberg', 'HH', 'in-progress', 'solvik-hjemmetjeneste', 'hanne-vikestad', -10, 'Hjemmesykepleie etter sykehusopphold'),
    visit('gunnar-rodsetvik', 'HH', 'in-progress', 'solvik-hjemmetjeneste', 'hanne-vikestad', -5, 'Hjemmesykepleie etter hoftebrudd'),
    visit('astrid-moldskred', 'HH', 'planned', 'solvik-hjemmetjeneste', 'jorunn-sandlid', 1, 'Hjemmesykepleie fra utskriving'),
    visit('solveig-brekkhus', 'HH', 'planned', 'solvik-hjemmetjeneste', null, 2, 'Ny bruker, vedtak ikke fattet'),
    visit('even-strandheim', 'HH', 'in-progress', 'solvik-psykisk-helse', 'mona-stenvik', -200, 'Oppfølging rus og psykisk helse'),
    visit('arne-kvamsdal', 'HH', 'in-progress', 'solvik-dho', 'lene-hovdestad', -64, 'Digital hjemmeoppfølging'),
    visit('nils-bakkehavn', 'HH', 'in-progress', 'solvik-dho', 'lene-hovdestad', -88, 'Digital hjemmeoppfølging'),
    visit('marit-haugstad', 'AMB', 'in-progress', 'solvik-rehab', 'siri-lundemo', -120, 'Rehabilitering etter hjerneslag'),
    visit('tor-egil-myrvang', 'AMB', 'in-progress', 'solvik-rehab', 'siri-lundemo', -230, 'Fysioterapi'),
    visit('selam-haile', 'AMB', 'in-progress', 'solvik-helsestasjon', 'ingvild-tresvik', -110, 'Svangerskapsomsorg'),
    visit('leila-nordbyhagen', 'AMB', 'in-progress', 'solvik-helsestasjon', 'randi-hellemyr', -14, 'Barselomsorg'),
    visit('sara-fossdal', 'AMB', 'in-progress', 'solvik-helsestasjon', 'randi-hellemyr', -58, 'Skolehelsetjeneste'),
    visit('oskar-bjorkmo', 'AMB', 'in-progress', 'solvik-helsestasjon', 'randi-hellemyr', -75, 'Helsestasjon'),
    visit('emil-sandvollen', 'AMB', 'in-progress', 'solvik-ke', 'ellen-marie-granli', -158, 'Barnekoordinator'),
    visit('liv-askhaugen', 'HH', 'in-progress', 'solvik-rehab', 'petter-norhus', -50, 'Hverdagsrehabilitering'),
    visit('hassan-rahimiyan', 'HH', 'in-progress', 'solvik-ke', 'berit-osmund', -170, 'Brukerstyrt personlig assistanse'),
    visit('randi-ostgardvik', 'HH', 'in-progress', 'solvik-hjemmetjeneste', 'ragnhild-tveitlid', -30, 'Lindrende pleie hjemme'),
    visit('kjell-oversandvik', 'HH', 'in-progress', 'solvik-hjemmetjeneste', 'hanne-vikestad', -98, 'Sårstell'),
    visit('bjorn-tangeroy', 'AMB', 'in-progress', 'solvik-rehab', 'siri-lundemo', -20, 'Rehabilitering etter hjerneslag'),
    visit('torunn-hellevangen', 'AMB', 'in-progress', 'solvik-hjemmetjeneste', 'ragnhild-tveitlid', -45, 'Kreftrehabilitering'),
    visit('ronny-skarsteinvik', 'AMB', 'in-progress', 'solvik-rehab', 'petter-norhus', -250, 'Ergoterapi'),
    visit('birger-lonevikmo', 'HH', 'in-progress', 'solvik-rehab', null, -2, 'Ny bruker, hjelpemidler'),
    visit('mikkel-aspelid', 'AMB', 'in-progress', 'solvik-psykisk-helse', 'anne-lise-kvernmo', -80, 'Psykisk helse'),
  ],
};

/** Persons of the EHRs who have no story. */
export const EHR_ONLY_PERSONS = [UNKNOWN_TO_SHARED];

export const EHR_RECORDS = [hospital, municipality];
