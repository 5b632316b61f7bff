/** PostgreSQL answers selective searches and first pages through indexes, in a base of some thousand resources already. */
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Clause, SearchQuery } from '../../server/search/query.ts';
import type { Database } from '../../server/store/database.ts';
import { openPool } from '../../server/store/postgres/connection.ts';
import { readDatabaseUrl } from '../../server/store/postgres/database-url.ts';
import { postgresDialect } from '../../server/store/postgres/dialect.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { askTogether } from '../../server/store/postgres/pipeline.ts';
import { searchSteps } from '../../server/store/sql/search.ts';
import type { Statement } from '../../server/store/sql/steps.ts';
import { matches, newest, query, START_MS, StorePopulation, write } from '../bench/store-population.ts';
import { freshPostgresUrl } from '../support/stores.ts';

const people = new StorePopulation(4_000);
const lastChanged: Partial<SearchQuery> = { sort: [{ by: 'lastUpdated', descending: true }], limit: 100 };
const searches: Readonly<Record<string, SearchQuery>> = {
  ...Object.fromEntries(Object.entries(people.selective()).map(([name, make]) => [name, make(1)])),
  'a page of a hundred, last changed first': query('Observation', { op: 'all' }, lastChanged),
  'one code, newest first': query('Observation', matches('code', 'c7'), newest),
};

let database: Database;
let pool: pg.Pool;
beforeAll(async () => {
  const url = await freshPostgresUrl();
  database = await openPostgresStore({ url });
  await people.load(database.resources);
  pool = openPool({ url: readDatabaseUrl(url), connections: 1, searchTimeoutMs: 10_000 });
  await pool.query('ANALYZE');
});
afterAll(async () => {
  await pool.end();
  await database.close();
});

/** The plan, whatever the values are. */
async function planOf({ sql }: Statement): Promise<string> {
  const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN (GENERIC_PLAN) ${sql}`);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

/** The statement that gives the page: the last that is asked, where few match. */
function pageOf(search: SearchQuery): Statement {
  const steps = searchSteps(postgresDialect, search);
  let step = steps.next();
  let last = step.value as Statement;
  for (; !step.done; step = steps.next([{ few: 0, c0: 0, m0: 0, highest: 1 }])) last = step.value;
  return last;
}

it.each(Object.entries(searches))('%s: no table is read whole', async (_, search) => {
  expect(await planOf(pageOf(search))).not.toMatch(/Seq Scan/);
});

it.each(Object.entries(searches))('%s: of what has many versions, the current one alone is read', async (_, search) => {
  expect(await planOf(pageOf(search))).toMatch(/Index Cond: \(\(rid = \(r\w*\.rid \+ 0\)\) AND \(version_id = r\w*\.version_id\)\)/);
});

it.each([false, true])('a page in the order of names goes along two indexes (descending: %s)', async (descending) => {
  const sort: SearchQuery['sort'] = [{ by: 'param', param: 'family', kind: 'string', descending }];
  const place = { values: ['nordmann5'], type: 'Patient', id: 'p5' };
  for (const at of [{}, { after: place }, { before: place }]) {
    const [{ value: first }] = [searchSteps(postgresDialect, query('Patient', { op: 'all' }, { sort, ...at })).next()];
    const plan = await planOf(first as Statement);
    expect(plan).toMatch(/Merge Append/);
    expect(plan).toMatch(/Index (Only )?Scan (Backward )?using entry_text/);
    expect(plan).toMatch(/Index (Only )?Scan (Backward )?using entry_order/);
    // What has the same name is sorted by its number, where the index runs the other way.
    expect(plan).not.toMatch(/Seq Scan|Bitmap/);
  }
});

const before: Clause = { op: 'match', param: 'date', test: { kind: 'range', anyOf: [[{ bound: 'low', is: '<', value: START_MS }]] } };
const names: Clause = { op: 'match', param: 'family', test: { kind: 'string', mode: 'startsWith', value: 'nordmann99' } };

it.each([
  ['a date before all others', query('Observation', before)],
  ['the beginning of a name', query('Patient', names)],
  ['a reverse chain to a date', query('Patient', { op: 'referencedBy', type: 'Observation', param: 'patient', where: before })],
] as const)('%s is looked for where it stands, not in all there is in the order of creation', async (_, search) => {
  const { sql, values } = pageOf(search);
  const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, values.map(String));
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).not.toMatch(/using entry_of on entry e\d+ [^\n]*\n *Index Cond: \(param = /);
  expect(plan).toMatch(/Index (Only )?Scan (using|on) entry_(low|high|text)/);
});

it('looks up the people who are seen in a list, which is not put in order for each candidate', async () => {
  const ids = Array.from({ length: 200 }, (_, n) => `p${n}`);
  const where: Clause = { op: 'and', clauses: [matches('gender', 'male'), { op: 'id', ids }] };
  const performer: Clause = { op: 'match', param: 'performer', test: { kind: 'reference', type: 'Practitioner', id: 'pr1' } };
  const chain: Clause = { op: 'chain', param: 'patient', types: ['Patient'], where };
  const { sql, values } = pageOf(query('Observation', { op: 'and', clauses: [performer, chain] }));
  const inputs = values.map((value) => (Array.isArray(value) ? `{${value.join(',')}}` : String(value)));
  const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, inputs);
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toMatch(/hashed SubPlan/);
  expect(plan).not.toMatch(/\(key = e\d+\.target\) AND \(key = ANY/);
});

it('goes along a chain from the reference on, whatever it knows of the tables', async () => {
  const performer: Clause = { op: 'match', param: 'performer', test: { kind: 'reference', type: 'Practitioner', id: 'pr1' } };
  const chain: Clause = { op: 'chain', param: 'patient', types: ['Patient'], where: matches('gender', 'male') };
  const { sql, values } = pageOf(query('Observation', { op: 'and', clauses: [performer, chain] }));
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL allow_system_table_mods = on');
    const tables = "('resource'::regclass, 'entry'::regclass)";
    await client.query(`DELETE FROM pg_statistic WHERE starelid IN ${tables}`);
    await client.query(`UPDATE pg_class SET reltuples = 1000, relpages = 20 WHERE oid IN ${tables}`);
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, values.map(String));
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toMatch(/using resource_key on resource t\d+ [^\n]*\n *Index Cond: \(key = e\d+\.target\)/);
    expect(plan).not.toMatch(/Join Filter/);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
});

it('a statement with a long list is planned for its values however often it is asked', async () => {
  const client = await pool.connect();
  const listed = (length: number): Statement => ({
    sql: 'SELECT count(*) AS count FROM resource r WHERE r.key = ANY($1::bigint[]) AND r.deleted = $2',
    values: [Array.from({ length }, (_, n) => BigInt(n)), 0],
  });
  const kept = async (): Promise<number> => (await client.query('SELECT 1 FROM pg_prepared_statements')).rows.length;
  try {
    const before = await kept();
    const none = Array.from({ length: 8 }, () => [{ count: 0 }]);
    const asked = none.map(() => listed(200));
    expect(await askTogether(client, asked)).toEqual({ results: none });
    expect(await kept()).toBe(before);
    expect(await askTogether(client, [listed(9), listed(200), listed(9)])).toEqual({ results: none.slice(0, 3) });
    expect(await kept()).toBe(before + 1);
  } finally {
    client.release();
  }
});

it('finds what has hundreds of versions with as few pages as what has one', async () => {
  const pagesOf = async ({ sql, values }: Statement): Promise<number> => {
    const { rows } = await pool.query<{ 'QUERY PLAN': readonly { Plan: Record<string, number> }[] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`,
      values.map(String),
    );
    return rows[0]?.['QUERY PLAN'][0]?.Plan['Shared Hit Blocks'] ?? Number.NaN;
  };
  for (let versionId = 2; versionId <= 300; versionId += 1) await write(database.resources, [people.observation(7, versionId)]);
  await pool.query('VACUUM ANALYZE');
  const found = (n: number): Promise<number> => pagesOf(pageOf(query('Observation', matches('identifier', `o${n}`))));
  expect(await found(7)).toBeLessThanOrEqual((await found(8)) + 4);
});
