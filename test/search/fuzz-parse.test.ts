/** Whatever a client sends as a search, the answer is a query or a FhirError of the 4xx kind. Seeds are fixed. */
import { describe, expect, it } from 'vitest';
import { FhirError } from '../../server/fhir/errors.ts';
import { parseSearch } from '../../server/search/parse.ts';
import { type Below, wholeFrom } from '../support/random.ts';
import { definitions, searchEnvironment, searchRegistry } from '../support/search-cases.ts';

const PIECES = [
  ...[
    'name',
    'subject',
    'patient',
    'code',
    'date',
    '_id',
    '_lastUpdated',
    '_sort',
    '_count',
    '_filter',
    '_has:Observation:patient:',
    '_include',
  ],
  ...[
    '_revinclude',
    '_elements',
    '_type',
    '_list',
    'value-quantity',
    'code-value-quantity',
    'url',
    ':',
    '.',
    ',',
    '|',
    '$',
    '\\',
    '"',
    '(',
    ')',
    '[',
    ']',
  ],
  ...[
    'eq',
    'ne',
    'ge',
    'ap',
    'and',
    'or',
    'not',
    'in',
    ' ',
    '%',
    '\u0000',
    '\ud800',
    '😀',
    'Å',
    '-',
    '+',
    '2013-01-14',
    'T10:00',
    'Z',
    '5.4',
    '1e2',
  ],
  ...[
    'missing',
    'exact',
    'Patient',
    'Group',
    'Foo',
    'true',
    '*',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '/',
    '#',
    '0',
    '9'.repeat(40),
  ],
];
const TYPES = ['Patient', 'Observation', 'CarePlan', 'ValueSet', 'RiskAssessment', 'Bundle'];

describe('parseSearch', () => {
  it.each([1, 2, 3, 4, 5])('throws nothing but FhirError on 4,000 made-up searches (seed %i)', (seed) => {
    const random = wholeFrom(seed);
    const env = searchEnvironment();
    const faults: unknown[] = [];
    let accepted = 0;
    for (let round = 0; round < 4_000; round += 1) {
      const types = random(5) === 0 ? [] : [TYPES[random(TYPES.length)] as string];
      const parameters = Array.from({ length: 1 + random(3) }, () => [text(random, 4), text(random, 6)] as const);
      const handling = random(2) === 0 ? ('strict' as const) : ('lenient' as const);
      try {
        parseSearch({ parameters, types, handling }, env);
        accepted += 1;
      } catch (error) {
        if (!(error instanceof FhirError) || error.status >= 500) faults.push({ parameters, error });
      }
    }
    expect(faults).toEqual([]);
    expect(accepted).toBeGreaterThan(100);
  });

  it.each(['subject', 'based-on', 'focus', 'derived-from', 'target', 'item'])(
    'follows a chain of 14 times %s, whose ways multiply at each step, in time',
    (code) => {
      const env = searchEnvironment();
      const type = definitions.resourceTypes.find((each) => searchRegistry.get(each, code)?.type === 'reference') as string;
      const long = `${code}.`.repeat(14);
      const nested = `${`${code}[`.repeat(14)}_id eq a${']'.repeat(14)}`;
      const before = performance.now();
      for (const parameter of [
        [`${long}_id`, 'a'],
        ['_filter', `${long}_id eq a`],
        ['_filter', nested],
      ] as const) {
        try {
          parseSearch({ parameters: [parameter], types: [type] }, env);
        } catch (error) {
          if (!(error instanceof FhirError)) throw error;
        }
      }
      expect(performance.now() - before).toBeLessThan(3_000);
    },
  );

  it('reads every parameter of every type with a plausible value', () => {
    const env = searchEnvironment();
    const values = {
      number: '5',
      date: '2024',
      string: 'a',
      token: 'a',
      reference: 'Patient/1',
      quantity: '5||mg',
      uri: 'http://a',
      special: '',
    };
    let read = 0;
    for (const type of definitions.resourceTypes) {
      for (const parameter of searchRegistry.forType(type)) {
        if (parameter.type === 'composite' || parameter.type === 'special' || parameter.expression === undefined) continue;
        const value = parameter.code === '_id' ? 'a' : values[parameter.type];
        expect(parseSearch({ parameters: [[parameter.code, value]], types: [type] }, env).used).toHaveLength(1);
        read += 1;
      }
    }
    expect(read).toBeGreaterThan(2_500);
  });
});

function text(random: Below, most: number): string {
  return Array.from({ length: 1 + random(most) }, () => PIECES[random(PIECES.length)]).join('');
}
