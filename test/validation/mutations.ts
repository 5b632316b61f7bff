import { ExactDecimal } from '../../server/fhir/json.ts';
import { isObject } from '../../server/fhir/resource.ts';

type Json = Record<string, unknown>;
type Holder = Json | unknown[];
/** A member of an object or an item of an array. */
interface Place {
  readonly holder: Holder;
  readonly key: string;
}

const OWN = 'https://fellesplan.example/fhir/StructureDefinition/';
const CORE = 'http://hl7.org/fhir/StructureDefinition/';
/** What stands in place of a text: wrong in many ways, or right where nobody expects it. */
const TEXTS: readonly unknown[] = [
  '',
  ' ',
  ' a',
  'a ',
  'a  b',
  'a\tb',
  'a\nb',
  'a\u0000b',
  'a\u00a0b',
  'æøå',
  '<b>a</b>',
  '1 < 2',
  'nb',
  'en',
  'zzz',
  'active',
  'draft',
  'plan',
  'x'.repeat(65),
  'x'.repeat(64),
  'a_b',
  'http://a.example/x y',
  'http://a.example',
  'https:',
  'httpz://a',
  'urn:oid:1.2.3',
  'urn:oid:1.02',
  'urn:oid:3.1',
  'urn:oid:1',
  'urn:oid:1.',
  'urn:oid:2.16.578.1.12.4.1.4.1',
  'urn:uuid:5f0c1b52-7d0e-4c8e-9a50-0a4f2f3a1c02',
  'urn:uuid:5F0C',
  'oid:1.2',
  'uuid:1',
  'urn:ietf:rfc:3986',
  'http://snomed.info/sct',
  'http://loinc.org',
  'http://unitsofmeasure.org',
  '#',
  '#a',
  '#x1',
  'Patient/a',
  'patient/a',
  'Patient/',
  'Patient/a/_history/1',
  'Patients/a',
  'Task/1',
  'Organization/o',
  'Practitioner/p',
  'Group/g',
  'P/a',
  'A/a',
  'http://a.example/Patient/a',
  'http://a.example/Nothing/a',
  'Patient?identifier=1',
  '2026',
  '2026-1',
  '2026-02',
  '2026-02-28',
  '2026-02-29',
  '2028-02-29',
  '2026-04-31',
  '2026-13-01',
  '0000-01-01',
  '2026-00-10',
  '2026-01-00',
  '2026-01-01T10:00:00Z',
  '2026-01-01T24:00:00Z',
  '2026-01-01T10:00:60Z',
  '2026-01-01T10:00:00',
  '2026-01-01T10:00Z',
  '2026-01-01T10:00:00.5+01:00',
  '2026-01-01T10:00:00.Z',
  '2026-01-01T10:00:00+14:00',
  '2026-01-01T10:00:00+14:30',
  '2026-01-01T10:00:00+1:00',
  '2026-01-31T10:00:00Z',
  '12:00:00',
  '25:00:00',
  'YWJj',
  'YWJ',
  'mg',
  '1e2',
  '-1',
  'true',
  'toString',
  '__proto__',
];
const OTHERS: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  1.5,
  -0,
  2_147_483_648,
  1e300,
  new ExactDecimal('1.00'),
  new ExactDecimal('1e400'),
  new ExactDecimal('0.000000000000000000001'),
  [],
  {},
  [null],
  [{}],
  [[]],
  ['a'],
  [1],
  { value: 1 },
  { resourceType: 'Patient' },
  { resourceType: 'Nothing' },
  { reference: 'Patient/a' },
  { coding: [{ code: 'a' }] },
  { text: 'a' },
];
const EXTENSIONS: readonly unknown[] = [
  { url: `${OWN}fp-custodian`, valueReference: { reference: 'Organization/o' } },
  { url: `${OWN}fp-custodian`, valueReference: { reference: 'Patient/o' } },
  { url: `${OWN}fp-custodian`, valueString: 'a' },
  { url: `${OWN}fp-next-review`, valueDate: '2027-02-01' },
  { url: `${OWN}fp-next-review`, valueDate: '2027-02-30' },
  { url: `${OWN}fp-none`, valueDate: '2027-02-01' },
  { url: `${CORE}data-absent-reason`, valueCode: 'unknown' },
  { url: `${CORE}data-absent-reason`, valueCode: 'zzz' },
  { url: `${CORE}patient-birthPlace`, valueAddress: { city: 'Bø' } },
  { url: `${CORE}patient-nationality`, extension: [{ url: 'code', valueCodeableConcept: { text: 'a' } }] },
  { url: `${CORE}patient-nationality`, extension: [{ url: 'zzz', valueCodeableConcept: { text: 'a' } }] },
  { url: `${CORE}data-absent-reason|4.0.1`, valueCode: 'unknown' },
  { url: 'http://a.example/e', valueString: 'a' },
  { url: 'relative', valueString: 'a' },
  { url: 'http://a.example/e' },
  { valueString: 'a' },
];
const REFERENCES =
  'Patient/a Patient/b Organization/o Task/t PractitionerRole/r Patient/5f0c1b52-7d0e-4c8e-9a50-0a4f2f3a1c02 Task/5f0c1b52-7d0e-4c8e-9a50-0a4f2f3a1c02 Group/g #a'.split(
    ' ',
  );
const SYSTEMS = ['http://snomed.info/sct', 'http://loinc.org', 'urn:oid:1.2.3', `${OWN}x`, 'http://a.example', 'relative'];
const PARTNERS: readonly unknown[] = [{ id: 'x1' }, { extension: [EXTENSIONS[6]] }, {}, null, [{ id: 'x1' }], [null, { id: 'x1' }], 'a'];
const PROFILES = ['fp-care-plan', 'fp-patient', 'fp-care-team', 'fp-goal', 'fp-psfs-score', 'fp-none']
  .map((id) => OWN + id)
  .concat(`${CORE}vitalsigns`);
const NAMES =
  'id extension modifierExtension value valueString valueDate valueReference code system display reference type identifier status text unit start end period contained meta language zzz _zzz'.split(
    ' ',
  );

/** Copies JSON; what is no plain JSON stays. */
export function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isObject(value) || value instanceof ExactDecimal) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copyOf(one)]));
}

function placesIn(value: unknown, into: Place[] = []): Place[] {
  if (value instanceof ExactDecimal || typeof value !== 'object' || value === null) return into;
  for (const key of Object.keys(value)) {
    into.push({ holder: value as Holder, key });
    placesIn((value as Json)[key], into);
  }
  return into;
}

function put({ holder, key }: Place, value: unknown): void {
  (holder as Json)[key] = value;
}

const at = ({ holder, key }: Place): unknown => (holder as Json)[key];

/** Changes something at one place of a resource; `others` are whole resources to take parts from. */
export function mutate(resource: Json, chance: () => number, others: readonly Json[]): void {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)]!;
  const places = placesIn(resource);
  if (places.length === 0) return;
  const place = pick(places);
  const found = at(place);
  const { holder, key } = place;
  const object = isObject(found) ? found : Array.isArray(holder) ? resource : holder;
  const named = (name: string) => places.filter((one) => one.key === name);
  const ways: readonly (() => void)[] = [
    () => {
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
    },
    () => put(place, copyOf(pick(TEXTS))),
    () => put(place, copyOf(pick(TEXTS))),
    () => put(place, typeof found === 'string' ? `${found}${pick(['x', ' ', '/', '\u00a0', '.1'])}` : copyOf(pick(OTHERS))),
    () => put(place, copyOf(pick(OTHERS))),
    () => put(place, Array.isArray(found) ? found[0] : [found]),
    () => put(place, Array.isArray(found) ? [...found, ...found.map(copyOf)] : [found, copyOf(found)]),
    () => put(place, copyOf(at(pick(places)))),
    () => put(place, copyOf(at(pick(placesIn(pick(others)))))),
    () => {
      object[pick(NAMES)] = copyOf(chance() < 0.5 ? pick(TEXTS) : pick(OTHERS));
    },
    () => {
      object[pick(['extension', 'extension', 'modifierExtension'])] = [copyOf(pick(EXTENSIONS))];
    },
    () => {
      if (!Array.isArray(holder)) holder[`_${key}`] = copyOf(pick(PARTNERS));
    },
    () => {
      object.id = pick(['x1', 'x1', 'x2', 'x y', '']);
    },
    () => {
      const entries = Object.entries(object).reverse();
      for (const [name] of entries) delete object[name];
      Object.assign(object, Object.fromEntries(entries));
    },
    () => {
      const to = pick([...NAMES, `${key.replace(/[A-Z].*/, '')}String`, `${key.replace(/[A-Z].*/, '')}Period`]);
      if (Array.isArray(holder)) return;
      holder[to] = copyOf(chance() < 0.5 ? found : pick(TEXTS));
      if (chance() < 0.5) delete holder[key];
    },
    () => {
      resource.meta = { profile: [pick(PROFILES), ...(chance() < 0.3 ? [pick(PROFILES)] : [])] };
    },
    () => {
      resource.contained = [copyOf(pick(others)), ...(chance() < 0.3 ? [copyOf(pick(others))] : [])];
    },
    () => {
      for (const one of named('reference')) if (chance() < 0.5) put(one, pick(REFERENCES));
    },
    () => {
      for (const one of named('reference')) if (chance() < 0.5) put({ ...one, key: 'type' }, pick(['Patient', 'Task', 'Nothing']));
    },
    () => {
      for (const one of named('system')) if (chance() < 0.5) put(one, pick(SYSTEMS));
    },
    () => {
      object.nested = copyOf(object);
      object.item = [copyOf(object)];
    },
  ];
  pick(ways)();
}
