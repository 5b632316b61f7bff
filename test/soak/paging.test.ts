/** Paging as a property: whatever the page size, the order and the direction, and while others write, each resource that does not change is met once. */
import { expect, it } from 'vitest';
import { onEachServer } from '../support/each-server.ts';
import { randomFrom } from '../support/random.ts';
import type { TestServer } from '../support/test-server.ts';
import { basic } from './clients.ts';
import { type Basic, nextPath } from './ledger.ts';

const STABLE = 60;
const WALKS = 10;
const SORTS = [
  '',
  '_lastUpdated',
  '-_lastUpdated',
  'created',
  '-created',
  'identifier',
  '-identifier',
  '_id',
  '-created,identifier',
  'code,-created',
];

const day = (n: number): string => `2026-03-${String((n % 9) + 1).padStart(2, '0')}`;

/** Some have no date and no identifier: those without a value to sort by are paged through as well. */
function stable(n: number): object {
  const whole = basic(`stable-${n}`, 'stable', day(n)) as Record<string, unknown>;
  if (n % 7 === 0) delete whole.created;
  if (n % 11 === 0) delete whole.identifier;
  return whole;
}

/** Creates, changes and deletes neighbours of the stable ones until it is told to stop. */
async function disturb(server: TestServer, random: () => number, stopped: () => boolean): Promise<number> {
  let writes = 0;
  while (!stopped()) {
    const id = `other-${Math.floor(random() * 40)}`;
    const remove = random() < 0.35;
    const { status } = await server.request(
      remove ? 'DELETE' : 'PUT',
      `Basic/${id}`,
      remove ? undefined : basic(id, 'other', day(Math.floor(random() * 20))),
    );
    expect([200, 201, 204, 409]).toContain(status);
    writes += 1;
  }
  return writes;
}

/** The ids of each page from the first to the last, then back again from the last to the first. */
async function thereAndBack(server: TestServer, query: string): Promise<{ there: string[][]; back: string[][] }> {
  const pages = { there: [] as string[][], back: [] as string[][] };
  let body = await page(server, query);
  pages.there.push(ids(body));
  for (let next = nextPath(body); next !== undefined; next = nextPath(body)) {
    body = await page(server, next);
    pages.there.push(ids(body));
  }
  pages.back.unshift(ids(body));
  for (let previous = previousPath(body); previous !== undefined; previous = previousPath(body)) {
    body = await page(server, previous);
    pages.back.unshift(ids(body));
  }
  return pages;
}

async function page(server: TestServer, path: string): Promise<Basic> {
  const answer = await server.request('GET', path);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as unknown as Basic;
}

const previousPath = ({ link = [] }: Basic): string | undefined =>
  link.find(({ relation }) => relation === 'previous')?.url.split('/fhir/')[1];
const ids = ({ entry = [] }: Basic): string[] => entry.map(({ resource }) => resource.id ?? '');

onEachServer('Paging while others write', (start) => {
  it('meets each unchanged resource once, there and back, in the same order', { timeout: 60_000 }, async () => {
    const random = randomFrom(2026);
    const server = await start({ services: { nowMs: Date.now } });
    for (let n = 0; n < STABLE; n += 1) expect((await server.request('PUT', `Basic/stable-${n}`, stable(n))).status).toBe(201);
    let stopped = false;
    const writers = [1, 2, 3].map((seed) => disturb(server, randomFrom(seed), () => stopped));
    try {
      for (let n = 0; n < WALKS; n += 1) {
        const sort = SORTS[n % SORTS.length] ?? '';
        const size = 1 + Math.floor(random() ** 2 * 50);
        const query = `Basic?code=listed&_count=${size}${sort === '' ? '' : `&_sort=${sort}`}`;
        const { there, back } = await thereAndBack(server, query);
        const met = there.flat().filter((id) => id.startsWith('stable-'));
        expect([...met].sort(), query).toEqual(Array.from({ length: STABLE }, (_, at) => `stable-${at}`).sort());
        expect(
          back.flat().filter((id) => id.startsWith('stable-')),
          `${query}, backwards`,
        ).toEqual(met);
        for (const each of there) expect(each.length).toBeLessThanOrEqual(size);
      }
    } finally {
      stopped = true;
    }
    const writes = (await Promise.all(writers)).reduce((sum, each) => sum + each, 0);
    expect(writes).toBeGreaterThan(50);
  });
});
