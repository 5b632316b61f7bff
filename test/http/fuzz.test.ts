import { expect, it } from 'vitest';
import { onEachServer } from '../support/each-server.ts';
import { carePlan, entry, patient } from '../support/fixtures.ts';
import { randomFrom } from '../support/random.ts';

const METHODS = ['GET', 'GET', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const SEGMENTS = [
  'Patient',
  'CarePlan',
  'Odd',
  'p1',
  'a_b',
  '_history',
  '_search',
  '1',
  '*',
  '$validate',
  '$everything',
  '%24validate',
  '%00',
  '%ZZ',
  '..x',
  '',
  'metadata',
  '😀',
  "'",
];
const NAMES = [
  'name',
  'birthdate',
  '_id',
  '_count',
  '_sort',
  '_include',
  '_has:Observation:subject:code',
  'general-practitioner:Practitioner.name',
  '_page',
  '_since',
  '_filter',
  '_total',
  '_summary',
  '_elements',
  'identifier:of-type',
  'name:missing',
  "'",
  '',
];
const VALUES = [
  'x',
  '',
  '0',
  '-1',
  '1e999',
  '2026-02-30',
  'ge2026',
  "' or 1=1 --",
  '%',
  '\\',
  'a|b|c',
  'a,b\\,c',
  '\u0000',
  '😀',
  'Patient/p1',
  '*',
  'null',
  'x'.repeat(3000),
  '$',
  '(',
  'true',
  'Patient:organization',
];
const WEIRD: readonly unknown[] = [
  null,
  '',
  0,
  -0,
  1e308,
  true,
  [],
  {},
  [null],
  [[]],
  { resourceType: 'Patient' },
  'x'.repeat(2000),
  '\u0000',
  '\ud800',
  '2026-99-99',
  { '': 1 },
  { constructor: 1 },
  { __proto__: { x: 1 } },
];

onEachServer('random requests', (start) => {
  it.each([
    [1, 'base'],
    [2, 'base'],
    [3, 'off'],
  ] as const)(
    'never make a fault, seed %i with validation %s',
    async (seed, writeValidation) => {
      const faults: string[] = [];
      const server = await start({
        services: { writeValidation },
        logLine: (line) => (line.includes('"level":"error"') ? faults.push(line) : undefined),
      });
      await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
      const random = randomFrom(seed);
      const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
      const mutate = (value: unknown): unknown => {
        if (random() < 0.08) return pick(WEIRD);
        if (Array.isArray(value)) return value.map(mutate);
        if (typeof value !== 'object' || value === null) return value;
        return Object.fromEntries(Object.entries(value).map(([name, child]) => [random() < 0.03 ? pick(NAMES) : name, mutate(child)]));
      };
      const bodies: readonly (() => unknown)[] = [
        () => mutate(patient({ id: 'p1', contact: [{ name: { text: 'x' } }], extension: [{ url: 'urn:x', valueString: 'y' }] })),
        () => mutate(carePlan({ activity: [{ reference: { reference: 'urn:uuid:1' } }] })),
        () =>
          mutate([
            {
              op: pick(['add', 'remove', 'replace', 'move', 'copy', 'test']),
              path: pick(['/name', '', '/name/0', '/-', 'x']),
              from: '/id',
              value: pick(WEIRD),
            },
          ]),
        () =>
          mutate({
            resourceType: 'Bundle',
            type: pick(['batch', 'transaction']),
            entry: [
              entry('POST', 'Patient', patient(), { fullUrl: 'urn:uuid:1' }),
              entry(pick(METHODS), pick(['Patient/p1', 'Patient?name=x', '', 'Odd']), patient({ id: 'p1' })),
            ],
          }),
        () =>
          mutate({
            resourceType: 'Parameters',
            parameter: [
              {
                name: 'operation',
                part: [
                  { name: 'type', valueCode: pick(['add', 'delete', 'replace', 'insert', 'move']) },
                  { name: 'path', valueString: pick(['Patient', 'Patient.name', '(', 'Patient.name.given[0]', '%resource', 'x']) },
                  { name: 'name', valueString: 'active' },
                  { name: 'value', valueBoolean: true },
                  { name: 'index', valueInteger: 0 },
                ],
              },
            ],
          }),
        () => '{"resourceType":"Patient"',
      ];
      const results: string[] = [];
      for (let round = 0; round < 250; round += 1) {
        const method = pick(METHODS);
        const segments = Array.from({ length: Math.floor(random() * 4) }, () => (random() < 0.5 ? 'Patient' : pick(SEGMENTS)));
        const query = Array.from(
          { length: Math.floor(random() * 3) },
          () => `${encodeURIComponent(pick(NAMES))}=${encodeURIComponent(pick(VALUES))}`,
        );
        const path = `${segments.join('/')}${query.length === 0 ? '' : `?${query.join('&')}`}`;
        const body = method === 'POST' || method === 'PUT' || method === 'PATCH' ? pick(bodies)() : undefined;
        const type = pick([
          'application/fhir+json',
          'application/fhir+json',
          'application/json-patch+json',
          'application/x-www-form-urlencoded',
          'text/plain',
        ]);
        const headers: Record<string, string> = body === undefined ? {} : { 'Content-Type': type };
        if (random() < 0.2) headers['If-Match'] = pick(['W/"1"', '*', 'x y', '""']);
        if (random() < 0.2) headers['If-None-Exist'] = pick(['name=x', '', 'odd=1', '_id=p1', '%%%']);
        const answer = await server.request(method, path, body, headers);
        if (answer.status >= 500) results.push(`${answer.status} ${method} ${path} ${JSON.stringify(body)?.slice(0, 500)}`);
        if (answer.status >= 400 && method !== 'HEAD' && answer.body.resourceType !== 'OperationOutcome')
          results.push(`no outcome: ${method} ${path}`);
      }
      expect([results, faults]).toEqual([[], []]);
      expect((await server.request('GET', 'metadata')).status).toBe(200);
    },
    60_000,
  );
});
