/**
 * The two databases and the plain store in memory give the same answers where there is so much that an order is walked,
 * conditions are joined and starts are counted, page by page and back.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Resource } from '../../server/fhir/resource.ts';
import { timeZone } from '../../server/fhir/time-zone.ts';
import { createIndexer } from '../../server/search/index-resource.ts';
import { parseSearch } from '../../server/search/parse.ts';
import type { SearchQuery } from '../../server/search/query.ts';
import type { Database } from '../../server/store/database.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import type { ResourceStore, ResourceWrite, SearchMatch } from '../../server/store/resource-store.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { openMemoryStore } from '../support/memory-search.ts';
import { wholeFrom } from '../support/random.ts';
import { BASE_URL, definitions, searchEnvironment, searchRegistry } from '../support/search-cases.ts';
import { freshPostgresUrl } from '../support/stores.ts';

const OBSERVATIONS = 1_200;
const TOGETHER = 50;
const QUERIES = 300;
const PAGES = 4;
const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2024, 0, 1);
const UNIT = { system: 'http://unitsofmeasure.org', code: 'mg' };

const ENVIRONMENT = searchEnvironment();
const random = wholeFrom(77);
const oneOf = <Value>(values: readonly Value[]): Value => values[random(values.length)] as Value;
const dayOf = (day: number): string => new Date(START_MS + day * 24 * 60 * MINUTE_MS).toISOString().slice(0, 10);

let folder: string;
let databases: Database[];
const memory = openMemoryStore();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fellesplan-at-size-'));
  databases = [
    await openSqliteStore({ file: join(folder, 'a.db') }),
    await openPostgresStore({ url: await freshPostgresUrl(), connections: 2 }),
  ];
  const index = createIndexer(definitions, searchRegistry, { baseUrl: BASE_URL, zone: timeZone('UTC') });
  const writes = Array.from({ length: OBSERVATIONS }, (_, n): ResourceWrite => {
    // The stores break ties by creation, the one in memory by id.
    const [type, id] = ['Observation', `o${String(n).padStart(5, '0')}`];
    const json = JSON.stringify({ resourceType: type, id });
    const lastUpdatedMs = START_MS + n * MINUTE_MS;
    return { type, id, versionId: 1, lastUpdatedMs, method: 'PUT', json, index: index(observation(id, n)) };
  });
  for (const store of [...databases.map(({ resources }) => resources), memory]) {
    for (let at = 0; at < OBSERVATIONS; at += TOGETHER) {
      await store.transact({ lookups: {}, build: () => ({ writes: writes.slice(at, at + TOGETHER), result: undefined }) });
    }
  }
});
afterAll(async () => {
  for (const database of databases) await database.close();
  await rm(folder, { recursive: true, force: true });
});

/** Those of one person, and those of one week, lie together; some have no date, or one that is open at its end. */
function observation(id: string, n: number): Resource {
  const week = Math.floor(n / 8);
  const period = { start: dayOf(week), ...(random(2) === 0 ? {} : { end: dayOf(week + random(40)) }) };
  const date = oneOf([
    {},
    { effectivePeriod: period },
    ...Array.from({ length: 3 }, () => ({ effectiveDateTime: dayOf(week + random(20)) })),
  ]);
  return {
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { coding: [{ system: 'urn:code', code: random(20) === 0 ? 'rare' : oneOf(['common', 'common', 'other']) }] },
    subject: { reference: `Patient/p${Math.floor(n / 100)}` },
    ...date,
    ...(random(4) === 0 ? {} : { valueQuantity: { value: random(50), ...UNIT } }),
  };
}

/** A few conditions, often several on the same date or amount. */
function randomConditions(): readonly string[] {
  const prefix = () => oneOf(['', 'ge', 'le', 'gt', 'lt', 'sa', 'eb', 'ne', 'ap']);
  const date = () => `date=${prefix()}${dayOf(random(190))}`;
  const amount = () => `value-quantity=${oneOf(['', 'ge', 'lt', 'ne'])}${random(50)}|${UNIT.system}|${UNIT.code}`;
  const conditions = [
    ...[date, date, date, date, amount, amount],
    () => `code=${oneOf(['common', 'other', 'rare', 'other,rare'])}`,
    () => `subject=Patient/p${random(12)}`,
    () => `code-value-quantity=${oneOf(['common', 'rare'])}$${oneOf(['', 'ge', 'lt'])}${random(50)}`,
    () => `_lastUpdated=${oneOf(['ge', 'lt'])}2024-01-01T${10 + random(10)}:00:00Z`,
    () => `date:missing=${oneOf(['true', 'false'])}`,
  ];
  return Array.from({ length: 1 + random(3) }, () => oneOf(conditions)());
}

function randomOrder(): string {
  const keys = ['date', '_lastUpdated', 'value-quantity'].flatMap((key) => [`_sort=${key}&`, `_sort=-${key}&`]);
  return `${oneOf(['', '', '', ...keys])}_count=${oneOf([1, 3, 10, 40])}&_total=${oneOf(['none', 'accurate'])}`;
}

function queryOf(text: string): SearchQuery {
  return parseSearch({ parameters: [...new URLSearchParams(text)], types: ['Observation'] }, ENVIRONMENT).query;
}

const idsOf = (matches: readonly SearchMatch[]): readonly string[] => matches.map(({ id }) => id);

interface Told {
  readonly pages: readonly (readonly string[])[];
  readonly back: { readonly ids: readonly string[]; readonly more: boolean } | undefined;
  readonly total: number | undefined;
}

/** The first pages, what leads back from the last of them, and the total. */
async function told(store: Pick<ResourceStore, 'search'>, query: SearchQuery): Promise<Told> {
  const first = await store.search(query);
  const pages = [first];
  for (let page = first; page.more && pages.length < PAGES; pages.push(page)) {
    page = await store.search({ ...query, total: 'none', after: (page.matches.at(-1) as SearchMatch).position });
  }
  const last = pages.at(-1)?.matches.at(-1);
  const back = last === undefined ? undefined : await store.search({ ...query, total: 'none', before: last.position });
  const total = query.total === 'accurate' ? first.total : undefined;
  return { pages: pages.map(({ matches }) => idsOf(matches)), back: back && { ids: idsOf(back.matches), more: back.more }, total };
}

it(`${QUERIES} searches agree`, async () => {
  let found = 0;
  for (let n = 0; n < QUERIES; n += 1) {
    const [conditions, order] = [randomConditions(), randomOrder()];
    const text = [...conditions, order].join('&');
    // In memory each condition is looked at by itself, none is joined with another.
    const apart: SearchQuery = { ...queryOf(order), where: { op: 'and', clauses: conditions.map((each) => queryOf(each).where) } };
    const expected = await told(memory, apart);
    for (const { resources } of databases) expect(await told(resources, queryOf(text)), text).toEqual(expected);
    found += expected.pages.flat().length > 0 ? 1 : 0;
  }
  expect(found).toBeGreaterThan(QUERIES / 3);
});
