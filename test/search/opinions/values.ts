/** The values that random resources and random searches are made of: few, so that they meet, and odd, so that they differ where servers do. */
import type { Below } from '../../support/random.ts';

export const pick = <Item>(random: Below, items: readonly Item[]): Item => items[random(items.length)] as Item;
export const chance = (random: Below, percent: number): boolean => random(100) < percent;
export const some = <Item>(random: Below, least: number, most: number, make: () => Item): Item[] =>
  Array.from({ length: least + random(most - least + 1) }, make);

/** The base URL of the server under test, whatever its port. */
export const BASE_URL = 'http://plans.test/fhir';
export const ELSEWHERE = 'http://other.example/fhir';
/** What the clock of both servers shows, in milliseconds: `ap` is measured from it. */
export const NOW_MS = Date.UTC(2024, 6, 1, 10);

export const SYSTEMS = ['http://acme.org/codes', 'urn:s', 'http://zoo.example'] as const;
export const CODES = ['a', 'b', 'dog', 'poodle', 'cat', 'x,y', 'x$y', 'x|y', 'back\\slash', 'Å', 'with space'] as const;
export const PLAIN_CODES = ['active', 'completed', 'male', 'draft', 'final', 'a'] as const;
/** The same when neither case nor marks count. */
export const NAMESAKES = ['Anne', 'ANNE', 'anne', 'Ånne'] as const;
export const STRINGS = [
  'Åse',
  'A\u030Ase',
  'ÅSE LIE',
  'Solberg Lidvik',
  'Solberg-Lidvik',
  "O'Brien",
  'Øyvind Ærlig',
  'oyvind',
  'Čáhppesnjárga',
  'a,b',
  'c$d|e\\f',
  '  two   spaces ',
  'tab\there',
  'Zoë',
  'ZOE',
  'ß',
  'STRASSE',
  '😀 smil',
  '100%_x',
  'Anne',
  'anna',
  'Ann',
  `${'lang '.repeat(300)}slutt`,
] as const;
export const DATES = [
  '1941',
  '1941-05',
  '1941-05-17',
  '2023',
  '2023-12',
  '2023-12-31',
  '2024',
  '2024-01',
  '2024-01-01',
  '2024-03-31',
] as const;
export const TIMES = [
  '2024-02-29T23:59:59.999+14:00',
  '2024-10-27T02:30:00+02:00',
  '2024-10-27T01:30:00Z',
  '2023-12-31T23:30:00Z',
  '2024-01-01T00:30:00+01:00',
  '2024-01-01T00:00:00+01:00',
  '2024-01-01T12:00:00.5Z',
  '2024-01-01T12:00:00.123Z',
  '2024-03-31T01:00:00Z',
  '2024-03-31T03:30:00+02:00',
  '2023-12-31T14:00:00-09:30',
] as const;
export const URIS = [
  'http://acme.org/fhir/ValueSet/123',
  'http://acme.org/fhir/ValueSet/123/history/5',
  'http://acme.org/fhir/ValueSet/1234',
  'http://acme.org/fhir',
  'http://ACME.org/fhir',
  'urn:oid:1.2.3.4.5',
  'urn:uuid:0b4ef6e0-6d5e-4b57-9b7c-9a3b7c1d2e3f',
] as const;
export const DECIMALS = [
  '0',
  '1',
  '1.50',
  '5.4',
  '5.40',
  '5.35',
  '5.45',
  '99.5',
  '100',
  '100.5',
  '-3',
  '0.001',
  '1e2',
  '80',
  '80000',
  '5400',
  '5350',
  '5450',
  '0.0054',
  '0.1',
  '0.3',
  '300',
  '120',
  '16',
] as const;
export const UCUM = 'http://unitsofmeasure.org';
/** system, code, unit: any of them may be missing. */
export const UNITS: readonly { readonly system?: string; readonly code?: string; readonly unit?: string }[] = [
  { system: UCUM, code: 'mg', unit: 'mg' },
  { system: UCUM, code: 'ug', unit: 'µg' },
  { system: UCUM, code: 'g', unit: 'gram' },
  { system: UCUM, code: 'kg', unit: 'kg' },
  { system: UCUM, code: 'mm[Hg]', unit: 'mmHg' },
  { system: UCUM, code: 'kPa', unit: 'kPa' },
  { system: UCUM, code: 'cm' },
  { system: 'urn:units', code: 'mg', unit: 'mg' },
  { unit: 'mg' },
  { code: 'mg' },
  {},
];
/** Decimals that are kept as they are written. */
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;
export const decimal = (text: string): unknown => rawJson(text);
