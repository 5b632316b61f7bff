/** The two databases and the plain store in memory give the same answers to random searches over random data. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SearchQuery } from '../../server/search/query.ts';
import type { Database } from '../../server/store/database.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import type { ResourceStore, ResourceWrite, SearchMatch, SearchPage } from '../../server/store/resource-store.ts';
import { finite } from '../../server/store/sql/entry-rows.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { openMemoryStore } from '../support/memory-search.ts';
import { wholeFrom } from '../support/random.ts';
import { freshPostgresUrl } from '../support/stores.ts';
import { randomEntries, randomKey, randomQuery } from './random-data.ts';
import { deletion, version } from './version.ts';

const SEEDS = [1, 2, 3];
const QUERIES = 400;

describe.each(SEEDS)('with seed %i', (seed) => {
  let folder: string;
  let databases: Database[];
  const memory = openMemoryStore();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fellesplan-agreement-'));
    databases = [
      await openSqliteStore({ file: join(folder, 'a.db') }),
      await openPostgresStore({ url: await freshPostgresUrl(), connections: 2 }),
    ];
    for (const write of randomWrites(seed))
      for (const store of [...databases.map((database) => database.resources), memory]) await put(store, write);
  });
  afterAll(async () => {
    for (const database of databases) await database.close();
    await rm(folder, { recursive: true, force: true });
  });

  it(`${QUERIES} searches agree, page by page, in both directions`, async () => {
    const random = wholeFrom(seed * 1000);
    let matched = 0;
    for (let n = 0; n < QUERIES; n += 1) {
      const query = randomQuery(random);
      const [sqlite, postgres] = (await Promise.all(databases.map(({ resources }) => allPages(resources, query)))) as [
        SearchMatch[],
        SearchMatch[],
      ];
      expect(inTieOrder(postgres), JSON.stringify(query)).toEqual(inTieOrder(sqlite));
      expect(byName(postgres), JSON.stringify(query)).toEqual(byName(sqlite));
      expect(new Set(sqlite.map(({ type, id, position }) => `${type}/${id}#${position.inner}`)).size, JSON.stringify(query)).toBe(
        sqlite.length,
      );
      expect(inTieOrder(sqlite), JSON.stringify(query)).toEqual(inTieOrder((await memory.search({ ...query, limit: 1000 })).matches));
      matched += sqlite.length > 0 ? 1 : 0;
    }
    expect(matched).toBeGreaterThan(QUERIES / 3);
  });
});

const put = (store: Pick<ResourceStore, 'transact'>, write: ResourceWrite): Promise<number> =>
  store.transact({ lookups: {}, build: () => ({ writes: [write], result: 0 }) });

const byName = (matches: readonly SearchMatch[]): readonly SearchMatch[] => matches.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)));

const nameOf = ({ type, id, versionId, position, innerId }: SearchMatch): string =>
  `${type}/${id}/${versionId}#${position.inner} ${innerId}`;

/** Names and sort values in order; those with equal values by name, because each store breaks ties in a way of its own. */
function inTieOrder(matches: readonly SearchMatch[]): string[] {
  const named = matches.map((match) => {
    const { position } = match;
    const values = position.values.map((value) => (typeof value === 'number' ? finite(value) : value));
    return { values: JSON.stringify(values), name: nameOf(match) };
  });
  const runs: string[][] = [];
  named.forEach(({ values, name }, at) => {
    if (values === named[at - 1]?.values) runs.at(-1)?.push(name);
    else runs.push([values, name]);
  });
  return runs.flatMap(([values = '', ...names]) => [values, ...names.sort()]);
}

/** Random versions of random resources, some of them deletions. */
function randomWrites(seed: number): ResourceWrite[] {
  const random = wholeFrom(seed);
  const current = new Map<string, ResourceWrite>();
  return Array.from({ length: 60 }, (_, n) => {
    const { type, id } = randomKey(random);
    const before = current.get(`${type}/${id}`);
    const next = (before?.versionId ?? 0) + 1;
    const write = before?.json && random(5) === 0 ? deletion(type, id, next, n) : version(type, id, next, randomEntries(random), n);
    current.set(`${type}/${id}`, write);
    return write;
  });
}

/** Every match, read forwards; the way back from the last one must give the same, and the total must be their number. */
async function allPages(store: ResourceStore, query: SearchQuery): Promise<readonly SearchMatch[]> {
  const forwards: SearchMatch[] = [];
  let page: SearchPage = await store.search(query);
  forwards.push(...page.matches);
  while (page.more) {
    page = await store.search({ ...query, after: (page.matches.at(-1) as SearchMatch).position });
    forwards.push(...page.matches);
  }
  if (page.total !== undefined) expect(page.total, JSON.stringify(query)).toBe(forwards.length);
  const backwards: SearchMatch[] = [];
  for (let place = forwards.at(-1)?.position; place !== undefined; ) {
    page = await store.search({ ...query, before: place });
    backwards.unshift(...page.matches);
    place = page.more ? page.matches[0]?.position : undefined;
  }
  expect(backwards, JSON.stringify(query)).toEqual(forwards.slice(0, -1));
  return forwards;
}
