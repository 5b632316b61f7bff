/**
 * Random transactions with a fixed seed, of which all can be known before the store is asked: they come to the same as
 * beside an entry that must be looked up, for which everything is found out inside the commit.
 */
import { expect, it } from 'vitest';
import { onEachServer } from '../support/each-server.ts';
import { bundle, carePlan, entry, observation, patient } from '../support/fixtures.ts';
import { wholeFrom } from '../support/random.ts';
import type { TestAnswer, TestServer } from '../support/test-server.ts';

type Entry = ReturnType<typeof entry>;

const ROUNDS = 60;
const IDS = ['a', 'b', 'c'] as const;
const SERVERS = ['http://one.example/fhir', 'http://two.example/fhir'] as const;
const urn = (place: number) => `urn:uuid:0000000${place}-0000-4000-8000-000000000000`;
const narrative = (link: string) => ({
  status: 'additional',
  div: `<div xmlns="http://www.w3.org/1999/xhtml"><p><a href="${link}">there</a></p></div>`,
});

/** Nothing is created by it, but the store must be asked. */
const bystander = entry('POST', 'Device', { resourceType: 'Device' }, { request: { ifNoneExist: 'identifier=urn:by|stander' } });

function randomEntries(below: (bound: number) => number): Entry[] {
  const count = 2 + below(4);
  const linkTo = (place: number): string => {
    const id = IDS[below(3)]!;
    const server = SERVERS[below(2)]!;
    const links = [urn(place), `${urn(place)}#part`, `Patient/${id}`, `${server}/Patient/${id}`, `Patient/${id}/_history/${1 + below(3)}`];
    return links[below(links.length)]!;
  };
  const fullUrls = (place: number) => [{ fullUrl: urn(place) }, {}, { fullUrl: `${SERVERS[below(2)]}/Patient/${IDS[below(3)]}` }];
  const kinds: readonly ((place: number) => Entry)[] = [
    (place) => {
      const id = IDS[below(3)]!;
      return entry('PUT', `Patient/${id}`, patient({ id, multipleBirthInteger: place }), fullUrls(place)[below(3)]);
    },
    (place) => {
      const id = IDS[below(3)]!;
      return entry('POST', 'Patient', patient({ id, multipleBirthInteger: place }), fullUrls(place)[below(3)]);
    },
    (place) => entry('POST', 'Observation', observation({ subject: { reference: linkTo(below(count)) } }), { fullUrl: urn(place) }),
    (place) => entry('POST', 'CarePlan', carePlan({ subject: { reference: linkTo(below(count)) } }), { fullUrl: urn(place) }),
    (place) => {
      const links = [linkTo(below(count)), linkTo(below(count))];
      const goal = {
        resourceType: 'Goal',
        text: narrative(links[0]!),
        lifecycleStatus: 'active',
        description: { text: 'x' },
        subject: { reference: links[1] },
      };
      return entry('POST', 'Goal', goal, { fullUrl: urn(place) });
    },
    () => entry('DELETE', `Patient/${IDS[below(3)]}`),
  ];
  return Array.from({ length: count }, (_, place) => kinds[below(kinds.length)]!(place));
}

/** What a server has answered and keeps, under names of ours for the ids that it chose. */
class Witness {
  readonly #server: TestServer;
  readonly #names = new Map<string, string>();

  constructor(server: TestServer) {
    this.#server = server;
  }

  async carryOut(entries: readonly Entry[], round: number) {
    const answer = await this.#server.request('POST', '', bundle('transaction', ...entries), { Prefer: 'return=representation' });
    const answered = (answer.body.entry ?? []) as { readonly response: { readonly location?: string } }[];
    for (const [place, { response }] of answered.entries()) {
      const id = response.location?.split('/').at(-3) ?? '';
      if (id.startsWith('new-')) this.#names.set(id, `created-${round}-${place}`);
    }
    const { entry: told, issue } = this.#named(answer);
    return {
      status: answer.status,
      issue,
      told: (told as readonly unknown[] | undefined)?.slice(0, entries.filter((each) => each !== bystander).length),
    };
  }

  async state(): Promise<unknown> {
    const found = await this.#server.request('GET', '?_type=Patient,Observation,CarePlan,Goal&_count=1000');
    return this.#named(found).entry;
  }

  /** The same but for ids, and times, which come of how often the clock was asked. */
  #named(answer: TestAnswer): Record<string, unknown> {
    const text = answer.text
      .replaceAll(this.#server.url, 'base')
      .replaceAll(/"lastUpdated":"[^"]*"|"lastModified":"[^"]*"/g, '"at":""')
      .replaceAll(/new-\d{6}/g, (id) => this.#names.get(id) ?? 'an id that nobody was told');
    return JSON.parse(text) as Record<string, unknown>;
  }
}

onEachServer('a transaction', (start) => {
  it('comes to the same whether all is known beforehand or found in the commit [R4 http#trules]', async () => {
    const startCounting = () => {
      let ids = 0;
      return start({ services: { newId: () => `new-${String(++ids).padStart(6, '0')}` } });
    };
    const [alone, beside] = [await startCounting(), await startCounting()];
    await beside.request('POST', 'Device', { resourceType: 'Device', identifier: [{ system: 'urn:by', value: 'stander' }] });
    const [one, other] = [new Witness(alone), new Witness(beside)];
    const below = wholeFrom(20261122);
    let carriedOut = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const entries = randomEntries(below);
      const outcome = await one.carryOut(entries, round);
      const shown = `round ${round}: ${JSON.stringify(entries, undefined, 1)}`;
      expect(outcome.status, shown).toBeLessThan(500);
      expect(await other.carryOut([...entries, bystander], round), shown).toEqual(outcome);
      if (outcome.status === 200) carriedOut += 1;
    }
    expect(await other.state()).toEqual(await one.state());
    expect(carriedOut).toBeGreaterThan(ROUNDS / 4);
    expect(carriedOut).toBeLessThan(ROUNDS);
  });
});
