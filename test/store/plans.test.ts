/** SQLite answers searches of every shape through its indexes: no plan reads a whole table. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Clause, IndexTest, SearchQuery, SortKey } from '../../server/search/query.ts';
import { searchSteps } from '../../server/store/sql/search.ts';
import type { Statement } from '../../server/store/sql/steps.ts';
import { Connection } from '../../server/store/sqlite/connection.ts';
import { sqliteDialect } from '../../server/store/sqlite/dialect.ts';

let folder: string;
let connection: Connection;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fellesplan-plans-'));
  connection = new Connection(join(folder, 'plans.db'), { cacheBytes: 1_000_000, searchTimeoutMs: 3_000 });
});
afterAll(async () => {
  connection.close();
  await rm(folder, { recursive: true, force: true });
});

const match = (test: IndexTest): Clause => ({ op: 'match', param: test.kind, test });
const code: Clause = match({ kind: 'token', code: 'x' });
const status: Clause = match({ kind: 'token', system: 'urn:s', code: 'final' });
const range: Clause = match({ kind: 'range', anyOf: [[{ bound: 'high', is: '>=', value: 5 }]] });
const both: Clause = { op: 'and', clauses: [code, status] };
const newest: SortKey = { by: 'param', param: 'date', kind: 'range', descending: true };

/** Reading all of a subquery, of a bound list, or nothing at all is no scan of a table. */
const OF_SUBQUERY = /^SCAN (CONSTANT ROW|json_each|present|[bchpqu]\b|[fks]\d+)/;

const SHAPES: readonly [string, Clause, SortKey?][] = [
  ['a code', code],
  ['two codes', both],
  ['two codes, newest first', both, newest],
  ['a code, by name', code, { by: 'param', param: 'name', kind: 'string', descending: false }],
  ['a code, last changed first', code, { by: 'lastUpdated', descending: true }],
  ['a reference', match({ kind: 'reference', type: 'Patient', id: '1' })],
  ['a reference by id', match({ kind: 'reference', id: '1', types: ['Patient', 'Group'] })],
  ['the start of a name', match({ kind: 'string', mode: 'startsWith', value: 'ann' })],
  ['a URI and below', match({ kind: 'uri', mode: 'below', value: 'http://a' })],
  ['a date', range],
  ['a code but not another', { op: 'and', clauses: [code, { op: 'not', clause: status }] }],
  ['a missing value', { op: 'missing', param: 'token', missing: true }],
  ['a chain', { op: 'chain', param: 'patient', types: ['Patient'], where: code }],
  ['a reverse chain', { op: 'referencedBy', type: 'Task', param: 'patient', where: code }],
  ['ids', { op: 'id', ids: ['1', '2'] }],
  ['a time of change', { op: 'lastUpdated', test: { kind: 'range', anyOf: [[{ bound: 'low', is: '>=', value: 5 }]] } }],
  ['either of two', { op: 'or', clauses: [code, range] }],
  [
    'a composite',
    match({
      kind: 'composite',
      parts: [
        { kind: 'token', code: 'x' },
        { kind: 'range', anyOf: [[]] },
      ],
    }),
  ],
];

it.each([...SHAPES])('%s is found through indexes, whether there are few matches or many', (_, where, key) => {
  const query: SearchQuery = { types: ['Patient'], where, sort: key === undefined ? [] : [key], limit: 20, total: 'accurate' };
  for (const count of [3, 1_000_000]) {
    for (const { sql, values } of statementsOf(query, count)) {
      const scans = planOf(sql, values).filter((detail) => detail.startsWith('SCAN') && !OF_SUBQUERY.test(detail));
      expect(scans, sql).toEqual([]);
    }
  }
});

const seen = Array.from({ length: 50 }, (_, n) => `p${n}`);
/** What a caller sees of the people, beside what is asked of them. */
const among = (asked: Clause): Clause => ({ op: 'and', clauses: [asked, { op: 'id', ids: seen }] });
const ofPeople: Clause = { op: 'chain', param: 'patient', types: ['Patient'], where: among(code) };

it.each([
  ['a chain', ofPeople],
  ['a chain beyond a chain', { op: 'chain', param: 'plan', types: ['CarePlan'], where: { op: 'and', clauses: [ofPeople, status] } }],
  ['a reverse chain', among({ op: 'referencedBy', type: 'Task', param: 'patient', where: code })],
  ['a reverse chain of what has no index', among({ op: 'referencedBy', type: 'Task', param: 'patient', where: ofPeople })],
] as const)('%s goes from the reference to what it leads to, however many people are seen', (_, where) => {
  const query: SearchQuery = { types: ['Task'], where: { op: 'and', clauses: [status, where] }, sort: [], limit: 20, total: 'accurate' };
  for (const count of [3, 1_000_000]) {
    const plans = statementsOf(query, count).flatMap(({ sql, values }) => planOf(sql, values));
    // From all of them, each candidate would be looked for once for each of the people.
    expect(plans.filter((detail) => /entry_target \(target=\? AND param=\? AND rid=\?\)/.test(detail))).toEqual([]);
  }
});

it('a condition of two stretches is looked up in two, of which no rows are put together', () => {
  const stretches: IndexTest = {
    kind: 'range',
    anyOf: [[{ bound: 'high', is: '>', value: 9 }], ['>=', '<='].map((is) => ({ bound: 'low', is: is as '>=' | '<=', value: 5 }))],
  };
  for (const where of [match(stretches), match({ kind: 'quantity', range: stretches })]) {
    const [counted] = statementsOf({ types: ['Task'], where, sort: [newest], limit: 20, total: 'none' }, 1_000_000);
    const plan = planOf((counted as Statement).sql, (counted as Statement).values).join('\n');
    expect(plan).toMatch(/entry_high \(param=\? AND high>\?\)/);
    expect(plan).toMatch(/entry_low \(param=\? AND low>\? AND low<\?\)/);
    expect(plan).not.toMatch(/MULTI-INDEX OR/);
  }
});

it('a page in the order of the only date tells by the row itself, and looks for nothing without a date', () => {
  const date: Clause = { op: 'match', param: 'date', test: { kind: 'range', anyOf: [[{ bound: 'low', is: '>=', value: 5 }]] }, once: true };
  const statements = statementsOf({ types: ['Task'], where: date, sort: [newest], limit: 20, total: 'none' }, 1_000_000);
  const pages = statements.filter(({ sql }) => !/AS c0/.test(sql));
  expect(pages).toHaveLength(1);
  const [{ sql, values }] = pages as [Statement];
  expect(planOf(sql, values).filter((detail) => /\be\d+\b/.test(detail))).toEqual([]);
});

it('a composite starts from the rarest of its components', () => {
  const rare: IndexTest = { kind: 'range', anyOf: [[{ bound: 'high', is: '>', value: 99 }]] };
  const where = match({ kind: 'composite', parts: [{ kind: 'token', code: 'common' }, rare] });
  const statements = statementsOf({ types: ['Task'], where, sort: [], limit: 20, total: 'none' }, 1_000_000, 3);
  const [counted, page] = [statements[0], statements.at(-1)].map((each) => planOf((each as Statement).sql, (each as Statement).values));
  expect(page).toContainEqual(expect.stringMatching(/SEARCH e\d+ USING COVERING INDEX entry_high \(param=\? AND high>\?\)/));
  // To count what has the code, the other components are not looked at.
  expect(counted?.filter((detail) => /PRIMARY KEY/.test(detail))).toEqual([]);
});

it('counts no further than it must to know that it goes along an index, but for a total', () => {
  const countsOf = (total: SearchQuery['total']): string[] => {
    const query: SearchQuery = { types: ['Task'], where: { op: 'and', clauses: [range, range] }, sort: [newest], limit: 20, total };
    return statementsOf(query, Number.POSITIVE_INFINITY).flatMap(({ sql }) => /AS c0.*? LIMIT (\d+)/.exec(sql)?.[1] ?? []);
  };
  // The square root of twice what a page holds times all resources (see worthWalking).
  expect(countsOf('none')).toEqual(['64', '1000', '8000', '9166']);
  expect(countsOf('accurate')).toEqual(['64', '1000', '8000', '64000']);
});

it.each([false, true])('a page in the order of names goes along two indexes (descending: %s)', (descending) => {
  const sort: readonly SortKey[] = [{ by: 'param', param: 'name', kind: 'string', descending }];
  const place = { values: ['b'], type: 'Patient', id: '1' };
  for (const page of [{}, { after: place }, { before: place }]) {
    for (const where of [{ op: 'all' } as const, code]) {
      const statements = statementsOf({ types: ['Patient'], where, sort, limit: 20, total: 'none', ...page }, 1_000_000);
      const { sql, values } = statements.find((each) => each.sql.includes(' d WHERE ')) as Statement;
      const details = planOf(sql, values).join('\n');
      expect(details).toMatch(/MERGE \(UNION ALL\)/);
      expect(details).toMatch(/SEARCH d USING COVERING INDEX entry_text/);
      expect(details).toMatch(/SEARCH d USING INDEX entry_order/);
      // What has the same name is sorted by its number, where the index runs the other way.
      expect(details).not.toMatch(/TEMP B-TREE FOR ORDER BY/);
    }
  }
});

/** What SQLite does to answer the statement, step by step. */
function planOf(sql: string, values: Statement['values']): string[] {
  const inputs = values.map((value) => (Array.isArray(value) ? `[${value.join(',')}]` : value)) as (string | number | bigint | null)[];
  return connection
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...inputs)
    .map((row) => String(row.detail));
}

/** The statements of a search in which every start is counted as having `count` matches, or the second as having `second`. */
function statementsOf(query: SearchQuery, count: number, second = count): Statement[] {
  const statements: Statement[] = [];
  const steps = searchSteps(sqliteDialect, query);
  for (let step = steps.next(); !step.done; ) {
    statements.push(step.value);
    const counts = [count, second, count, count];
    const counted = Object.fromEntries(counts.flatMap((each, n) => [[`c${n}`, each] as const, [`m${n}`, each] as const]));
    step = steps.next(/AS (c0|matches|total)\b/.test(step.value.sql) ? [{ ...counted, matches: count, highest: 2_000_000, total: 1 }] : []);
  }
  return statements;
}
