/** Transactions, batches and patches spoilt at random, with a fixed seed: refused or carried out, and never a fault. */
import { expect, it } from 'vitest';
import { onEachServer } from '../support/each-server.ts';
import { bundle, entry, observation, patient } from '../support/fixtures.ts';

const P = 'urn:uuid:00000000-0000-4000-8000-000000000001';
const ROUNDS = 150;
const ODD: readonly unknown[] = [
  ...[null, true, 0, -1, 1e308, '', ' ', '#', '/', '?', '$x', '*', 'W/"1"', '__proto__', '\ud800', 'Patient/..', 'x'.repeat(300)],
  ...['urn:uuid:1', P, 'Patient?identifier=urn:f|1', [], {}, [null], [[]], { '': 1 }, { reference: 'Patient?x=1' }],
  ...[{ resourceType: 'Patient' }, { resourceType: 'Bundle', type: 'batch' }],
];
const PATHS = ['Patient', 'Patient.name', 'Patient.name[0].given', 'Patient.birthDate', 'Patient.contact.name', 'Patient.extension', 'x'];
const VALUES = [
  { valueString: 'x' },
  { valueHumanName: { text: 'x' } },
  { valueDate: '2020', _valueDate: { id: 'a' } },
  {
    part: [
      { name: 'url', valueUri: 'urn:x' },
      { name: 'value', valueString: 'y' },
    ],
  },
];

function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** A copy in which up to three things anywhere are taken away, doubled, put into a list or replaced. */
function spoil<T extends object>(good: T, roll: (sides: number) => number): T {
  const value = structuredClone(good);
  const places: { readonly within: Record<string, unknown>; readonly name: string }[] = [];
  const visit = (within: Record<string, unknown>): void => {
    for (const [name, child] of Object.entries(within)) {
      places.push({ within, name });
      if (typeof child === 'object' && child !== null) visit(child as Record<string, unknown>);
    }
  };
  visit(value as Record<string, unknown>);
  for (let times = roll(4); times > 0 && places.length > 0; times -= 1) {
    const { within, name } = places[roll(places.length)]!;
    const kind = roll(4);
    if (kind === 0) delete within[name];
    else if (kind === 1) within[name] = structuredClone(ODD[roll(ODD.length)]);
    else if (kind === 2) within[`${name}x`] = within[name];
    else within[name] = [within[name], within[name]];
  }
  return value;
}

const jsonPatch = (operations: unknown) => ({
  resourceType: 'Binary',
  contentType: 'application/json-patch+json',
  data: Buffer.from(JSON.stringify(operations)).toString('base64'),
});

onEachServer('spoilt Bundles and patches', (start) => {
  it.each(['base', 'off'] as const)('never make a fault, with validation %s', async (writeValidation) => {
    const faults: string[] = [];
    const logLine = (line: string) => void (line.includes('"level":"error"') && faults.push(line));
    const server = await start({ services: { writeValidation }, logLine });
    const roll = dice(20260302);
    const pick = <T>(from: readonly T[]): T => from[roll(from.length)]!;
    const person = () =>
      patient({
        id: 'a',
        name: [{ given: ['x', 'y'], _given: [null, { id: 'z' }] }],
        contact: [{ name: { text: 'c' } }],
        _birthDate: { id: 'h' },
      });
    const fhirPathPatch = () => ({
      resourceType: 'Parameters',
      parameter: [
        {
          name: 'operation',
          part: [
            { name: 'type', valueCode: pick(['add', 'insert', 'delete', 'replace', 'move']) },
            { name: 'path', valueString: pick(PATHS) },
            { name: 'name', valueString: pick(['name', 'birthDate', 'extension', 'deceased', 'contact']) },
            { name: 'value', ...pick(VALUES) },
            ...['index', 'source', 'destination'].map((name) => ({ name, valueInteger: roll(3) })),
          ].filter(() => roll(6) > 0),
        },
      ],
    });
    const operations = () => [
      { op: 'add', path: '/name/-', value: { text: 'x' } },
      { op: 'copy', from: '/name/0', path: '/name/1' },
      { op: 'test', path: '/active', value: true },
    ];
    const div = `<div xmlns="http://www.w3.org/1999/xhtml"><a href="${P}">x</a></div>`;
    const entries = () => [
      entry('POST', 'Patient', patient({ text: { status: 'generated', div } }), {
        fullUrl: P,
        request: { ifNoneExist: 'identifier=urn:f|1' },
      }),
      entry('PUT', 'Patient/a', person(), { request: { ifMatch: 'W/"1"' } }),
      entry('PATCH', 'Patient/a', roll(2) === 0 ? jsonPatch(spoil(operations(), roll)) : fhirPathPatch()),
      entry('POST', 'Observation', observation({ subject: { reference: P }, performer: [{ reference: '#c' }] })),
      entry('PUT', 'Patient?identifier=urn:f|2', patient({ identifier: [{ system: 'urn:f', value: '2' }] })),
      entry('DELETE', 'Patient?identifier=urn:f|3'),
      entry('GET', 'Patient/a?_elements=name'),
    ];
    const statuses = new Set<number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      if (round % 20 === 0) await server.request('PUT', 'Patient/a', person());
      const type = pick(['batch', 'transaction']);
      const some = entries().filter(() => roll(3) > 0);
      const [method, path, body] = roll(4) === 0 ? ['PATCH', 'Patient/a', fhirPathPatch()] : ['POST', '', bundle(type, ...some)];
      const answer = await server.request(method as string, path as string, spoil(body as object, roll));
      statuses.add(answer.status);
      if (answer.status >= 500 || /"status":"5\d\d/.test(answer.text)) faults.push(`${JSON.stringify(body)} ${answer.text}`);
    }
    expect(faults).toEqual([]);
    expect([...statuses]).toEqual(expect.arrayContaining([200, 400]));
  });
});
