/** What lies together somewhere among all resources is found on both databases, in pages both ways, wherever a walk towards it ends. */
import { describe, expect, it } from 'vitest';
import type { IndexEntry } from '../../server/search/index-entry.ts';
import type { Clause, CursorPosition, SearchQuery } from '../../server/search/query.ts';
import type { ResourceStore, ResourceWrite } from '../../server/store/resource-store.ts';
import { searchSteps } from '../../server/store/sql/search.ts';
import { sqliteDialect } from '../../server/store/sqlite/dialect.ts';
import { onEachStore } from '../support/stores.ts';
import { version } from './version.ts';

const COUNT = 600;

function observation(n: number): ResourceWrite {
  const index: IndexEntry[] = [
    { kind: 'range', param: 'date', low: n, high: n },
    { kind: 'token', param: 'status', system: null, code: n % 3 === 0 ? 'amended' : 'final' },
  ];
  return version('Observation', `o${n}`, 1, index);
}

const within = (from: number, to: number): Clause => {
  const bounds = [
    { bound: 'low', is: '>=', value: from },
    { bound: 'high', is: '<=', value: to },
  ] as const;
  return { op: 'match', param: 'date', test: { kind: 'range', anyOf: [bounds] } };
};
const final: Clause = { op: 'match', param: 'status', test: { kind: 'token', code: 'final' } };

async function pages(store: ResourceStore, where: Clause, limit: number): Promise<{ there: string[]; back: string[] }> {
  const base: SearchQuery = { types: ['Observation'], where, sort: [], limit, total: 'none' };
  const there: string[] = [];
  let last: CursorPosition | undefined;
  for (;;) {
    const page = await store.search({ ...base, ...(last === undefined ? {} : { after: last }) });
    there.push(...page.matches.map(({ id }) => id));
    last = page.matches.at(-1)?.position ?? last;
    if (!page.more) break;
  }
  const back: string[] = [];
  for (let before = last; before !== undefined; ) {
    const page: Awaited<ReturnType<ResourceStore['search']>> = await store.search({ ...base, before });
    back.unshift(...page.matches.map(({ id }) => id));
    before = page.more ? page.matches[0]?.position : undefined;
  }
  return { there, back };
}

onEachStore('matches that lie together', (open) => {
  it.each([
    ['at the end', 480, 600],
    ['in the middle', 250, 400],
    ['at the beginning', 0, 120],
    ['everywhere', 0, 600],
  ])('%s', async (_, from, to) => {
    const store = await open();
    const writes = Array.from({ length: COUNT }, (_, n) => observation(n));
    await store.transact({ lookups: {}, build: () => ({ writes, result: undefined }) });
    const expected = writes.map(({ id }, n) => ({ id, n })).filter(({ n }) => n >= from && n <= to);
    for (const limit of [1, 7]) {
      const ids = expected.map(({ id }) => id);
      expect(await pages(store, within(from, to), limit)).toEqual({ there: ids, back: ids.slice(0, -1) });
      const some = expected.filter(({ n }) => n % 3 !== 0).map(({ id }) => id);
      const both: Clause = { op: 'and', clauses: [final, within(from, to)] };
      expect(await pages(store, both, limit)).toEqual({ there: some, back: some.slice(0, -1) });
    }
  });
});

describe('a walk in the order of creation', () => {
  it('ends after some thousand resources, and the page is made from the matches then', () => {
    const query: SearchQuery = { types: ['Observation'], where: within(480, 600), sort: [], limit: 20, total: 'none' };
    const asked: string[] = [];
    const steps = searchSteps(sqliteDialect, query);
    for (let step = steps.next(); !step.done; ) {
      asked.push(step.value.sql);
      step = steps.next(/AS c0/.test(step.value.sql) ? [{ c0: 1_000_000, m0: 5, highest: 1_000_000 }] : []);
    }
    const [walk = '', fromMatches = ''] = asked.slice(-2);
    // Four times the square root of twice what a page holds, and one more, times all resources.
    expect(walk).toContain('+ 25923');
    expect(fromMatches).toMatch(/FROM \(SELECT e\d+\.rid AS rid FROM entry/);
  });
});
