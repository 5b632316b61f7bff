/** Random transactions with fixed seeds: what comes of one does not depend on how its entries are ordered. */
import { expect, it } from 'vitest';
import { onEachServer } from '../support/each-server.ts';
import { bundle, entry, observation, patient } from '../support/fixtures.ts';
import type { TestServer } from '../support/test-server.ts';

type Entry = ReturnType<typeof entry>;

const IDS = ['a', 'b', 'c'] as const;
const NUMBERS = ['n1', 'n2', 'n3'] as const;
const ROUNDS = 30;

/** Whole numbers below a bound, the same for the same seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * sides);
  };
}

const person = (number: string, over: object = {}) => patient({ identifier: [{ system: 'urn:f', value: number }], ...over });
const urn = (place: number) => `urn:uuid:0000000${place}-0000-4000-8000-000000000000`;
const label = (family: string) => {
  const operations = [{ op: 'replace', path: '/name/0/family', value: family }];
  const data = Buffer.from(JSON.stringify(operations)).toString('base64');
  return { resourceType: 'Binary', contentType: 'application/json-patch+json', data };
};

function randomEntry(roll: (sides: number) => number, place: number): Entry {
  const id = IDS[roll(3)]!;
  const number = NUMBERS[roll(3)]!;
  const condition = `identifier=urn:f|${number}`;
  const observed = (reference: string) => entry('POST', 'Observation', observation({ subject: { reference }, valueString: `v${place}` }));
  const kinds: readonly (() => Entry)[] = [
    () => entry('PUT', `Patient/${id}`, person(number, { id }), { fullUrl: urn(place) }),
    () => entry('PUT', `Patient/${id}`, person(number, { id }), { fullUrl: urn(place) }),
    () => entry('POST', 'Patient', person(number), { fullUrl: urn(place) }),
    () => entry('POST', 'Patient', person(number), { fullUrl: urn(place) }),
    () => entry('POST', 'Patient', person(number), { fullUrl: urn(place), request: { ifNoneExist: condition } }),
    () => entry('POST', 'Patient', person(number), { fullUrl: urn(place), request: { ifNoneExist: condition } }),
    () => entry('PUT', `Patient?${condition}`, person(NUMBERS[roll(3)]!), { fullUrl: urn(place) }),
    () => entry('PATCH', `Patient?${condition}`, label(`p${place}`)),
    () => entry('PATCH', `Patient/${id}`, label(`p${place}`)),
    () => entry('DELETE', `Patient/${id}`),
    () => entry('DELETE', `Patient?${condition}`),
    () => observed(`Patient?${condition}`),
    () => observed(urn(roll(2))),
  ];
  return kinds[roll(kinds.length)]!();
}

interface Kept {
  readonly resource: {
    readonly resourceType: string;
    readonly id: string;
    readonly identifier: readonly { readonly value: string }[];
    readonly name: readonly { readonly family: string }[];
    readonly subject: { readonly reference: string };
    readonly valueString: string;
  };
}

/** What is there afterwards, without the ids that the server chose; a link that leads nowhere is told as such. */
async function stateOf(server: TestServer): Promise<readonly string[]> {
  const kept = ((await server.request('GET', '?_type=Patient,Observation&_count=100')).body.entry ?? []) as Kept[];
  const isKnown = (id: string) => (IDS as readonly string[]).includes(id);
  const people = new Map<string, string>(
    kept.flatMap(({ resource: { resourceType, id, identifier, name } }) =>
      resourceType === 'Patient'
        ? [[`Patient/${id}`, `${isKnown(id) ? id : 'new'} ${identifier[0]?.value} ${name[0]?.family}`] as const]
        : [],
    ),
  );
  const values = kept.flatMap(({ resource }) =>
    resource.resourceType === 'Observation' ? [`${resource.valueString} of ${people.get(resource.subject.reference) ?? 'NOBODY'}`] : [],
  );
  return [...people.values(), ...values].toSorted();
}

onEachServer('a transaction', (start) => {
  it('comes to the same in whatever order its entries stand [R4 http#trules]', async () => {
    const server = await start();
    let carriedOut = 0;
    const roll = dice(20260302);
    for (let round = 1; round <= ROUNDS; round += 1) {
      const before = IDS.slice(roll(3)).map((id) => entry('PUT', `Patient/${id}`, person(NUMBERS[roll(3)]!, { id })));
      const entries = Array.from({ length: 2 + roll(2) }, (_, place) => randomEntry(roll, place));
      const orders = [entries, entries.toReversed(), entries.toSorted(() => roll(3) - 1)];
      const outcomes: unknown[] = [];
      for (const order of orders) {
        for (const type of ['Observation', 'Patient']) await server.request('DELETE', `${type}?_lastUpdated=gt1990`);
        await server.request('POST', '', bundle('transaction', ...before));
        const answer = await server.request('POST', '', bundle('transaction', ...order));
        expect(answer.status, answer.text).toBeLessThan(500);
        outcomes.push({ done: answer.status === 200, state: await stateOf(server) });
        if (answer.status === 200) carriedOut += 1;
      }
      const requests = entries.map(({ request, resource }) => JSON.stringify([request, resource]));
      expect(outcomes, `round ${round}: ${requests.join('\n')}`).toEqual(outcomes.map(() => outcomes[0]));
      expect(JSON.stringify(outcomes)).not.toContain('NOBODY');
    }
    expect(carriedOut).toBeGreaterThan(ROUNDS);
  });
});
