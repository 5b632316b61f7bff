/**
 * Everybody who works in the stories: name, profession, the role they usually have in a team, and where they work.
 * Those without a protected title (teachers, Nav advisers, case workers) have no HPR number.
 *
 * Spec: https://hl7.org/fhir/R4/practitionerrole.html · professions: code list 9060
 */
import type { Code } from './codes.ts';
import type { OrganizationKey } from './organizations.ts';

/** Codes of the list 9060, kategori helsepersonell. */
export const PROFESSIONS = {
  SP: 'Sykepleier',
  LE: 'Lege',
  FT: 'Fysioterapeut',
  ET: 'Ergoterapeut',
  PS: 'Psykolog',
  JO: 'Jordmor',
  VP: 'Vernepleier',
} as const;

type Profession = keyof typeof PROFESSIONS;

export interface StaffFact {
  readonly given: string;
  readonly family: string;
  readonly gender: 'female' | 'male';
  readonly profession?: Profession;
  readonly role: Code<'fp-team-role'>;
  readonly organization: OrganizationKey;
  readonly title: string;
}

type Row = readonly [
  given: string,
  family: string,
  gender: 'female' | 'male',
  profession: Profession | null,
  role: Code<'fp-team-role'>,
  organization: OrganizationKey,
  title: string,
];

const ROWS = {
  'hanne-vikestad': ['Hanne', 'Vikestad', 'female', 'SP', 'hjemmesykepleier', 'solvik-hjemmetjeneste', 'Sykepleier, primærkontakt'],
  'jorunn-sandlid': ['Jorunn', 'Sandlid', 'female', 'SP', 'hjemmesykepleier', 'solvik-hjemmetjeneste', 'Sykepleier, kveld og natt'],
  'ragnhild-tveitlid': ['Ragnhild', 'Tveitlid', 'female', 'SP', 'sykepleier', 'solvik-hjemmetjeneste', 'Kreftsykepleier'],
  'knut-ostervoll': ['Knut', 'Østervoll', 'male', 'SP', 'sykepleier', 'solvik-hjemmetjeneste', 'Demenskoordinator'],
  'tone-akerlund': ['Tone', 'Åkerlund', 'female', 'VP', 'koordinerende-enhet', 'solvik-ke', 'Leder av koordinerende enhet'],
  'berit-osmund': ['Berit', 'Osmund', 'female', 'ET', 'koordinator', 'solvik-ke', 'Koordinator'],
  'ellen-marie-granli': ['Ellen Marie', 'Granli', 'female', 'VP', 'barnekoordinator', 'solvik-ke', 'Barnekoordinator'],
  'unni-skarbovik': ['Unni', 'Skarbøvik', 'female', null, 'annen', 'solvik-tildeling', 'Saksbehandler'],
  'lars-hegdalen': ['Lars', 'Hegdalen', 'male', 'LE', 'fastlege', 'solvik-legesenter', 'Fastlege'],
  'nadia-farahmand': ['Nadia', 'Farahmand', 'female', 'LE', 'fastlege', 'solvik-legesenter', 'Fastlege'],
  'siri-lundemo': ['Siri', 'Lundemo', 'female', 'FT', 'fysioterapeut', 'solvik-rehab', 'Fysioterapeut'],
  'petter-norhus': ['Petter', 'Norhus', 'male', 'ET', 'ergoterapeut', 'solvik-rehab', 'Ergoterapeut'],
  'lene-hovdestad': ['Lene', 'Hovdestad', 'female', 'SP', 'sykepleier', 'solvik-dho', 'Oppfølgingssykepleier'],
  'mona-stenvik': ['Mona', 'Stenvik', 'female', 'VP', 'ruskonsulent', 'solvik-psykisk-helse', 'Ruskonsulent'],
  'kjetil-rognlid': ['Kjetil', 'Rognlid', 'male', null, 'sosionom', 'solvik-psykisk-helse', 'Sosionom'],
  'anne-lise-kvernmo': ['Anne Lise', 'Kvernmo', 'female', 'SP', 'sykepleier', 'solvik-psykisk-helse', 'Psykiatrisk sykepleier'],
  'gro-myrvoll': ['Gro', 'Myrvoll', 'female', null, 'nav-veileder', 'nav-solvik', 'Veileder, kontaktperson for FACT'],
  'ivar-lokkedal': ['Ivar', 'Løkkedal', 'male', null, 'annen', 'solvik-bolig', 'Boligveileder'],
  'randi-hellemyr': ['Randi', 'Hellemyr', 'female', 'SP', 'helsesykepleier', 'solvik-helsestasjon', 'Helsesykepleier'],
  'ingvild-tresvik': ['Ingvild', 'Tresvik', 'female', 'JO', 'jordmor', 'solvik-helsestasjon', 'Jordmor'],
  'kristin-solheimdal': ['Kristin', 'Solheimdal', 'female', null, 'larer', 'solvik-barneskole', 'Kontaktlærer'],
  'anders-moldvik': ['Anders', 'Moldvik', 'male', null, 'larer', 'solvik-ungdomsskole', 'Kontaktlærer'],
  'elise-brattfoss': ['Elise', 'Brattfoss', 'female', null, 'larer', 'solvik-barnehage', 'Pedagogisk leder'],
  'marte-oyjordet': ['Marte', 'Øyjordet', 'female', null, 'ppt', 'solvik-ppt', 'Rådgiver'],
  'tor-hauglien': ['Tor', 'Hauglien', 'male', null, 'barnevern', 'solvik-barnevern', 'Familieveileder'],
  'per-bjornli': ['Per', 'Bjørnli', 'male', null, 'stottekontakt', 'havna-frivilligsentral', 'Støttekontakt'],
  'marit-skjelvik': ['Marit', 'Skjelvik', 'female', 'VP', 'barnekoordinator', 'granheim-ke', 'Barnekoordinator'],
  'ragna-sletteli': ['Ragna', 'Sletteli', 'female', 'ET', 'koordinator', 'granheim-ke', 'Leiar av koordinerande eining'],
  'oddny-hovlid': ['Oddny', 'Hovlid', 'female', 'SP', 'hjemmesykepleier', 'granheim-heimeteneste', 'Sjukepleiar'],
  'borghild-fjosne': ['Borghild', 'Fjøsne', 'female', 'SP', 'sykepleier', 'granheim-heimeteneste', 'Demenskoordinator'],
  'torgeir-bruheim': ['Torgeir', 'Bruheim', 'male', 'LE', 'fastlege', 'granheim-legekontor', 'Fastlege'],
  'aud-kvalheim': ['Aud', 'Kvalheim', 'female', 'FT', 'fysioterapeut', 'granheim-rehab', 'Fysioterapeut for barn'],
  'sindre-aasmyr': ['Sindre', 'Åsmyr', 'male', 'ET', 'ergoterapeut', 'granheim-rehab', 'Ergoterapeut'],
  'sigrid-nordbohaug': ['Sigrid', 'Nordbøhaug', 'female', null, 'larer', 'granheim-skule', 'Kontaktlærar'],
  'jostein-ulveland': ['Jostein', 'Ulveland', 'male', null, 'ppt', 'granheim-ppt', 'Rådgjevar'],
  'liv-tunheim': ['Liv', 'Tunheim', 'female', 'SP', 'helsesykepleier', 'granheim-helsestasjon', 'Helsesjukepleiar'],
  'magne-eikelid': ['Magne', 'Eikelid', 'male', null, 'nav-veileder', 'nav-granheim', 'Rettleiar'],
  'turid-lonnebakk': ['Turid', 'Lønnebakk', 'female', 'VP', 'vernepleier', 'granheim-psykisk-helse', 'Vernepleiar'],
  'inga-miennavaara': ['Inga', 'Miennavaara', 'female', 'SP', 'hjemmesykepleier', 'nordvag-hjemmetjeneste', 'Sykepleier'],
  'harald-nymoen': ['Harald', 'Nymoen', 'male', 'LE', 'fastlege', 'nordvag-legekontor', 'Fastlege'],
  'elle-karin-vuolabvarri': ['Elle Karin', 'Vuolabvarri', 'female', 'VP', 'koordinator', 'nordvag-ke', 'Koordinator'],
  'silje-amundrud': ['Silje', 'Amundrud', 'female', 'SP', 'sykepleier', 'fjordheim-medisin', 'Sykepleier'],
  'henrik-walseth': ['Henrik', 'Walseth', 'male', 'LE', 'lege-spesialist', 'fjordheim-geriatri', 'Overlege i geriatri'],
  'camilla-roen': ['Camilla', 'Røen', 'female', 'SP', 'sykehuskoordinator', 'fjordheim-ke', 'Sykehuskoordinator'],
  'trond-helgelid': ['Trond', 'Helgelid', 'male', 'VP', 'koordinerende-enhet', 'fjordheim-ke', 'Leder av koordinerende enhet'],
  'ida-fredli': ['Ida', 'Fredli', 'female', 'SP', 'sykepleier', 'fjordheim-hjerte', 'Hjertesviktsykepleier'],
  'jan-erik-moltuvik': ['Jan Erik', 'Moltuvik', 'male', 'LE', 'lege-spesialist', 'fjordheim-hjerte', 'Overlege i hjertesykdommer'],
  'tore-lillebovik': ['Tore', 'Lillebøvik', 'male', 'LE', 'lege-spesialist', 'fjordheim-lunge', 'Overlege i lungesykdommer'],
  'vibeke-fosslid': ['Vibeke', 'Fosslid', 'female', 'SP', 'sykepleier', 'fjordheim-lunge', 'Lungesykepleier'],
  'fredrik-orremo': ['Fredrik', 'Orremo', 'male', 'LE', 'lege-spesialist', 'fjordheim-infeksjon', 'Overlege i infeksjonssykdommer'],
  'anne-gro-tangvik': [
    'Anne Gro',
    'Tangvik',
    'female',
    'SP',
    'sykepleier',
    'fjordheim-infeksjon',
    'Sykepleier, hjemmebasert IV-behandling',
  ],
  'eirik-bakkelid': ['Eirik', 'Bakkelid', 'male', 'LE', 'lege-spesialist', 'fjordheim-ortopedi', 'Overlege i ortopedi'],
  'gunnhild-storlid': ['Gunnhild', 'Storlid', 'female', 'SP', 'sykepleier', 'fjordheim-ortopedi', 'Sykepleier'],
  'nora-veumli': ['Nora', 'Veumli', 'female', 'LE', 'lege-spesialist', 'fjordheim-nevro', 'Overlege i nevrologi'],
  'stian-krokmo': ['Stian', 'Krokmo', 'male', 'SP', 'sykepleier', 'fjordheim-nevro', 'Sykepleier, slagenheten'],
  'bjarte-lonsethaug': ['Bjarte', 'Lønsethaug', 'male', 'LE', 'lege-spesialist', 'fjordheim-rehab', 'Overlege i rehabilitering'],
  'maren-eidsmo': ['Maren', 'Eidsmo', 'female', 'FT', 'fysioterapeut', 'fjordheim-rehab', 'Fysioterapeut'],
  'benedikte-raamyr': ['Benedikte', 'Råmyr', 'female', 'LE', 'lege-spesialist', 'fjordheim-lindrende', 'Overlege, lindrende behandling'],
  'sofie-malmlid': ['Sofie', 'Malmlid', 'female', 'JO', 'jordmor', 'fjordheim-kvinne', 'Jordmor, Min jordmor'],
  'thea-ringvoll': ['Thea', 'Ringvoll', 'female', 'LE', 'lege-spesialist', 'fjordheim-kvinne', 'Overlege i fødselshjelp'],
  'mia-solbakkmo': ['Mia', 'Solbakkmo', 'female', 'SP', 'sykepleier', 'fjordheim-barn', 'Sykepleier, nyfødtposten'],
  'hilde-marie-sorlid': ['Hilde Marie', 'Sørlid', 'female', 'LE', 'lege-spesialist', 'fjordheim-habu', 'Overlege i barnesykdommer'],
  'rune-askemyr': ['Rune', 'Askemyr', 'male', 'VP', 'habilitering', 'fjordheim-habu', 'Vernepleier, kontaktperson'],
  'geir-hestmo': ['Geir', 'Hestmo', 'male', 'VP', 'habilitering', 'fjordheim-havo', 'Vernepleier'],
  'kaja-lindalen': ['Kaja', 'Lindalen', 'female', 'PS', 'psykolog', 'fjordheim-bup', 'Psykologspesialist'],
  'ole-kristoffer-dalmo': ['Ole Kristoffer', 'Dalmo', 'male', 'PS', 'psykolog', 'fjordheim-fact', 'Psykologspesialist'],
  'tina-haugsund': ['Tina', 'Haugsund', 'female', 'SP', 'sykepleier', 'fjordheim-fact', 'Psykiatrisk sykepleier, teamkoordinator'],
  'erlend-nyborgli': ['Erlend', 'Nyborgli', 'male', null, 'annen', 'fjordheim-fact', 'Erfaringskonsulent'],
  'astri-vollmo': ['Astri', 'Vollmo', 'female', 'LE', 'lege-spesialist', 'fjordheim-rop', 'Overlege i rus- og avhengighetsmedisin'],
} as const satisfies Record<string, Row>;

export type StaffKey = keyof typeof ROWS;

/** All keys, in the order they were written. */
export const STAFF_KEYS = Object.keys(ROWS) as StaffKey[];

/** The facts of one employee. */
export function staff(key: StaffKey): StaffFact {
  const [given, family, gender, profession, role, organization, title]: Row = ROWS[key];
  return { given, family, gender, ...(profession === null ? {} : { profession }), role, organization, title };
}

/** True for a text that names an employee. */
export function isStaffKey(text: string): text is StaffKey {
  return text in ROWS;
}
