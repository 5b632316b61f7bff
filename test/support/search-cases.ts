/** Runs tables of search cases against a store: every row is parsed, searched and compared. */
import { expect, it } from 'vitest';
import { loadDefinitions } from '../../server/definitions/load.ts';
import { parseJson, stringifyJson } from '../../server/fhir/json.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { type TimeZone, timeZone } from '../../server/fhir/time-zone.ts';
import type { SearchEnvironment } from '../../server/search/environment.ts';
import { createIndexer } from '../../server/search/index-resource.ts';
import { parseSearch } from '../../server/search/parse.ts';
import { createSearchRegistry } from '../../server/search/registry.ts';
import type { TerminologyService } from '../../terminology/terminology-service.ts';
import type { SearchableStore } from './memory-search.ts';

/** why, query, ids expected: in order when the query sorts, else in any. `Type?query` searches that type, `?query` all types. */
export type SearchCase = readonly [why: string, query: string, expected: readonly string[]];

export interface SearchTable {
  /** What the table is about, with the place in the spec. */
  readonly title: string;
  /** Resources, each with an id; or JSON text, where the way a number is written matters. `lastUpdatedMs` is the time of the store's clock plus its place. */
  readonly given: readonly (Resource | string)[];
  /** The zone in which a date is a day; by default UTC. */
  readonly zone?: string;
  readonly terminology?: Pick<TerminologyService, 'expand' | 'lookup'>;
  readonly cases: readonly SearchCase[];
}

export const BASE_URL = 'https://fhir.test/r4';
/** The clock of the tables: 2024-06-01 12:00 UTC. */
export const NOW_MS = Date.UTC(2024, 5, 1, 12);

export const definitions = loadDefinitions();
export const searchRegistry = createSearchRegistry(definitions);

/** The environment in which the rows are read. */
export function searchEnvironment(over: Partial<SearchEnvironment> = {}): SearchEnvironment {
  return {
    definitions,
    searchRegistry,
    baseUrl: BASE_URL,
    nowMs: () => NOW_MS,
    limits: { pageSizeDefault: 100, pageSizeMax: 1000 },
    ...over,
  };
}

/** One test a table; a failure shows the rows that differ. */
export function runSearchTables(tables: readonly SearchTable[], openStore: () => Promise<SearchableStore>): void {
  for (const table of tables) {
    it(`${table.title} (${table.cases.length} rows)`, async () => {
      const zone = timeZone(table.zone ?? 'UTC');
      const store = await openStore();
      await load(store, table.given, zone);
      const env = searchEnvironment({ zone, ...(table.terminology === undefined ? {} : { terminology: table.terminology }) });
      const found = await Promise.all(table.cases.map(([why, query]) => row(store, env, why, query)));
      expect(found).toEqual(table.cases.map(([why, query, expected]) => ({ why, query, ids: inOrder(query, expected) })));
    });
  }
}

/** Writes resources as they would be after a create, in one transaction. */
export async function load(store: SearchableStore, given: readonly (Resource | string)[], zone: TimeZone): Promise<void> {
  const index = createIndexer(definitions, searchRegistry, { baseUrl: BASE_URL, zone });
  const resources = given.map((each) => (typeof each === 'string' ? (parseJson(each) as Resource) : each));
  await store.transact({
    lookups: {},
    build: () => ({
      writes: resources.map((resource, place) => ({
        type: resource.resourceType,
        id: resource.id as string,
        versionId: 1,
        lastUpdatedMs: NOW_MS + place,
        method: 'POST' as const,
        json: stringifyJson(resource),
        index: index(resource),
      })),
      result: undefined,
    }),
  });
}

async function row(store: SearchableStore, env: SearchEnvironment, why: string, query: string): Promise<unknown> {
  const mark = query.indexOf('?');
  const type = query.slice(0, mark);
  try {
    const parsed = parseSearch({ parameters: [...new URLSearchParams(query.slice(mark + 1))], types: type === '' ? [] : [type] }, env);
    const { matches } = await store.search(parsed.query);
    return {
      why,
      query,
      ids: inOrder(
        query,
        matches.map((match) => match.id),
      ),
    };
  } catch (error) {
    return { why, query, ids: String(error) };
  }
}

function inOrder(query: string, ids: readonly string[]): readonly string[] {
  return query.includes('_sort=') ? ids : [...ids].sort();
}
