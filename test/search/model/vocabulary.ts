/**
 * Values by chance, out of so few that they meet: partial dates, zones, open periods, units, codings with and without
 * systems, references of every form.
 */
import type { Below } from '../../support/random.ts';
import { UCUM } from './amount.ts';
import type { Json } from './definitions.ts';
import { BASE } from './reference.ts';
import { stretchOfValue } from './time.ts';

export interface Chance {
  readonly below: Below;
  /** The types of resources in this world. */
  readonly types: readonly string[];
}

export const IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;
export const SYSTEMS = ['urn:s1', 'http://x.example/codes', 'http://loinc.org'] as const;
export const URLS = [
  'http://c.example/q',
  'http://c.example/q/one',
  'http://c.example/q/one/1',
  'http://c.example/qq',
  'urn:oid:1.2.3',
  `${BASE}/Questionnaire/a`,
] as const;
const TEXTS = [
  'Berg',
  'BERG',
  'Bergström',
  'Solberg-Lidvik',
  'Ås',
  'Åse',
  "O'Brien",
  'Anne Marie',
  'Anne-Marie',
  'van der Berg',
  'Øyen',
  'oyen',
  'Smith, Jr',
  'Weiß',
  'Đorđđe',
  'Pipe|Line',
  'Dollar$ign',
  'Ærlig talt',
  'Marie',
] as const;
const CODES = ['c1', 'C1', 'c2', 'c-3', 'active', 'draft', 'male', 'female', 'completed'] as const;
const DATES = ['2019', '2020', '2020-01', '2020-03', '2019-12-31', '2020-01-01', '2020-03-28', '2020-03-29', '2020-03-30'] as const;
const TIMES = [
  '2019-12-31T22:59:59Z',
  '2019-12-31T23:00:00Z',
  '2019-12-31T23:30:00.250Z',
  '2020-01-01T00:00:00+01:00',
  '2020-01-01T00:00:00Z',
  '2020-03-28T23:00:00Z',
  '2020-03-29T00:30:00+01:00',
  '2020-03-29T03:00:00+02:00',
  '2020-03-29T22:00:00Z',
  '2020-03-29T21:59:59.999Z',
  '2020-03-30T00:00:00+02:00',
  '2020-10-25T02:30:00+02:00',
  '2020-10-25T02:30:00+01:00',
  '2020-03-29T12:00:00-08:00',
] as const;
const NUMBERS = [0, 0.5, 1, 1.25, 2, 5.4, 5.44, 5.45, 36.6, 99.5, 100, 100.5, -3, 5400, 0.0054, 0.000001, 1234567.891] as const;
const UNIT_CODES = ['mg', 'g', 'kg', 'cm', 'm', 'Cel', 'K', 'h', 'min', 'd', 'kPa', 'Pa'] as const;

export const pick = <T>(below: Below, from: readonly T[]): T => from[below(from.length)] as T;
export const one = (below: Below, of: number): boolean => below(of) === 0;

const some = (below: Below, value: Json): Json => Object.fromEntries(Object.entries(value).filter(() => !one(below, 4)));

const codings = (below: Below): readonly Json[] =>
  Array.from({ length: 1 + below(2) }, () => ({
    ...(one(below, 3) ? {} : { system: pick(below, SYSTEMS) }),
    code: pick(below, CODES),
    ...(one(below, 2) ? {} : { display: pick(below, TEXTS) }),
  }));

const concept = (below: Below): Json => ({
  ...(one(below, 6) ? {} : { coding: codings(below) }),
  ...(one(below, 3) ? { text: pick(below, TEXTS) } : {}),
});

const identifier = (below: Below): Json => ({
  ...pick(below, [{ system: pick(below, SYSTEMS) }, {}, {}]),
  ...(one(below, 8) ? { system: SYSTEMS[0] } : { value: pick(below, ['1', '2', '2-a', 'x,y', 'p|q']) }),
  ...(one(below, 2) ? {} : { type: concept(below) }),
});

const quantity = (below: Below, comparable = true): Json => {
  const value = { value: pick(below, NUMBERS) };
  const code = pick(below, UNIT_CODES);
  const comparator = comparable && one(below, 5) ? { comparator: pick(below, ['<', '<=', '>=', '>']) } : {};
  const unit = pick(below, [
    {},
    { unit: code },
    { system: UCUM, code },
    { system: UCUM, code },
    { system: UCUM, code },
    { system: UCUM, code, unit: 'the unit' },
    { system: 'urn:units', code },
  ]);
  return { ...value, ...comparator, ...unit };
};

const range = (below: Below): Json => {
  const unit = one(below, 2) ? { system: UCUM, code: 'mg' } : {};
  const [a, b] = [pick(below, NUMBERS), pick(below, NUMBERS)];
  const whole = { low: { value: Math.min(a, b), ...unit }, high: { value: Math.max(a, b), ...unit } };
  return pick(below, [whole, whole, { low: whole.low }, { high: whole.high }]);
};

const period = (below: Below): Json => {
  for (;;) {
    const made = some(below, { start: MAKE.dateTime?.({ below, types: [] }), end: MAKE.dateTime?.({ below, types: [] }) });
    const stretch = stretchOfValue('Period', made);
    if (stretch !== undefined && stretch.from < stretch.to) return made;
  }
};

/** A reference of any form to one of `targets`, or of what the world has. */
export function reference({ below, types }: Chance, targets: readonly string[]): Json {
  const here = targets.filter((target) => types.includes(target));
  const type = pick(below, here.length > 0 ? here : types);
  const id = pick(below, IDS);
  const forms: readonly (() => Json)[] = [
    () => ({ reference: `${BASE}/${type}/${id}` }),
    () => ({ reference: `${type}/${id}/_history/${1 + below(2)}` }),
    () => ({ reference: `http://else.example/fhir/${type}/${id}` }),
    () => ({ reference: 'urn:uuid:0b4ef6e0-6d5e-4b57-9b7c-9a3b7c1d2e3f' }),
    () => ({ identifier: identifier(below) }),
    () => ({ identifier: identifier(below), type }),
    () => ({ reference: `${type}/${id}`, identifier: identifier(below), type, display: pick(below, TEXTS) }),
    () => ({ display: pick(below, TEXTS) }),
  ];
  return one(below, 2) ? { reference: `${type}/${id}` } : (forms[below(forms.length + 5)]?.() ?? { reference: `${type}/${id}` });
}

const canonical = ({ below }: Chance): string => `${pick(below, URLS)}${pick(below, ['', '', '|1.0', '|1.1', '|2'])}`;

/** A value of a type by chance. What is not here is left out of resources. */
export const MAKE: Readonly<Record<string, (chance: Chance) => unknown>> = {
  string: ({ below }) => pick(below, TEXTS),
  markdown: ({ below }) => pick(below, TEXTS),
  code: ({ below }) => pick(below, CODES),
  uri: ({ below }) => pick(below, URLS),
  url: ({ below }) => pick(below, URLS),
  oid: () => 'urn:oid:1.2.3',
  canonical,
  boolean: ({ below }) => one(below, 2),
  integer: ({ below }) => below(4) - 1,
  positiveInt: ({ below }) => 1 + below(3),
  unsignedInt: ({ below }) => below(3),
  decimal: ({ below }) => pick(below, NUMBERS),
  date: ({ below }) => pick(below, DATES),
  dateTime: ({ below }) => pick(below, [...DATES, ...TIMES]),
  instant: ({ below }) => pick(below, TIMES),
  Period: ({ below }) => period(below),
  Timing: ({ below }) =>
    pick(below, [
      { event: [pick(below, DATES), pick(below, TIMES)] },
      { repeat: { boundsPeriod: period(below) } },
      { repeat: { count: 3 } },
    ]),
  HumanName: ({ below }) =>
    some(below, {
      family: pick(below, TEXTS),
      given: Array.from({ length: 1 + below(2) }, () => pick(below, TEXTS)),
      ...(one(below, 3) ? { text: pick(below, TEXTS) } : {}),
      ...(one(below, 4) ? { prefix: [pick(below, TEXTS)] } : {}),
    }),
  Address: ({ below }) =>
    some(below, {
      line: [pick(below, TEXTS)],
      city: pick(below, TEXTS),
      postalCode: pick(below, ['0010', '9008']),
      use: pick(below, CODES),
    }),
  ContactPoint: ({ below }) => ({
    system: pick(below, ['phone', 'email']),
    value: pick(below, ['22 33 44 55', '22334455', 'A@x.no', 'a@X.no']),
  }),
  Identifier: ({ below }) => identifier(below),
  Coding: ({ below }) => codings(below)[0],
  CodeableConcept: ({ below }) => concept(below),
  Quantity: ({ below }) => quantity(below),
  Age: ({ below }) => quantity(below),
  Duration: ({ below }) => quantity(below),
  Money: ({ below }) => ({ value: pick(below, NUMBERS), currency: pick(below, ['NOK', 'EUR']) }),
  Range: ({ below }) => range(below),
  RelatedArtifact: (chance) => ({
    type: pick(chance.below, ['composed-of', 'depends-on', 'derived-from', 'predecessor', 'successor']),
    resource: canonical(chance),
  }),
};
