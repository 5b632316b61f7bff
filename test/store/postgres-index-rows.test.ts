/** An update on PostgreSQL leaves the index rows that the new version has, and writes no more than those that are new. */
import type pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { IndexEntry } from '../../server/search/index-entry.ts';
import type { Database } from '../../server/store/database.ts';
import { openPool } from '../../server/store/postgres/connection.ts';
import { readDatabaseUrl } from '../../server/store/postgres/database-url.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import type { ResourceWrite } from '../../server/store/resource-store.ts';
import { wholeFrom } from '../support/random.ts';
import { freshPostgresUrl } from '../support/stores.ts';
import { randomEntries } from './random-data.ts';
import { deletion, version } from './version.ts';

let database: Database;
let pool: pg.Pool;
beforeEach(async () => {
  const url = await freshPostgresUrl();
  database = await openPostgresStore({ url });
  pool = openPool({ url: readDatabaseUrl(url), connections: 1, searchTimeoutMs: 10_000 });
});
afterEach(async () => {
  await pool.end();
  await database.close();
});

/** One transaction that holds what it writes, as an update does. */
const write = (...writes: readonly ResourceWrite[]): Promise<void> =>
  database.resources.transact({ lookups: { versions: writes }, build: () => ({ writes, result: undefined }) });

/** The index rows of a resource without its number, with where each lies. */
async function rowsOf(id: string): Promise<readonly { readonly place: string; readonly row: string }[]> {
  const columns = 'param, n, part, hash, sys, target, low, high, text, value, label';
  const select = `SELECT e.ctid::text AS place, ROW(${columns})::text AS row FROM entry e JOIN resource r ON r.rid = e.rid AND r.id = $1 ORDER BY n`;
  return (await pool.query<{ place: string; row: string }>(select, [id])).rows;
}

const textsOf = async (id: string): Promise<readonly string[]> => (await rowsOf(id)).map(({ row }) => row);

it.each([1, 2, 3])('whatever changes (seed %i)', async (seed) => {
  const random = wholeFrom(seed);
  let entries: IndexEntry[] = randomEntries(random);
  await write(version('Task', 'changed', 1, entries));
  for (let versionId = 2; versionId <= 25; versionId += 1) {
    const some = random(4) === 0 ? [] : entries.filter(() => random(5) > 0);
    entries = random(3) === 0 ? randomEntries(random) : [...some, ...randomEntries(random).slice(0, random(3))];
    const fresh = `fresh-${versionId}`;
    const others = random(2) === 0 ? [] : [version('Task', `other-${versionId}`, 1, entries)];
    await write(version('Task', 'changed', versionId, entries), ...others);
    await write(version('Task', fresh, 1, entries));
    expect(await textsOf('changed')).toEqual(await textsOf(fresh));
  }
  await write(deletion('Task', 'changed', 26));
  expect(await rowsOf('changed')).toEqual([]);
});

it('leaves where they are the rows that stay as they were', async () => {
  const token = (param: string, code: string): IndexEntry => ({ kind: 'token', param, system: 's', code });
  const open = [token('status', 'open'), token('code', 'a'), token('code', 'b')];
  await write(version('Task', 't', 1, open));
  const before = await rowsOf('t');
  await write(version('Task', 't', 2, open));
  expect(await rowsOf('t')).toEqual(before);
  await write(version('Task', 't', 3, [token('status', 'done'), ...open.slice(1)]));
  const after = await rowsOf('t');
  expect(after.slice(1)).toEqual(before.slice(1));
  expect(after[0]?.row).not.toBe(before[0]?.row);
});

it('of each of several resources that one plan changes, one of them by deleting it', async () => {
  const coded = (...codes: readonly string[]): IndexEntry[] => codes.map((code) => ({ kind: 'token', param: 'code', system: 's', code }));
  const ids = ['a', 'b', 'c'];
  await write(...ids.map((id) => version('Task', id, 1, coded(id, 'kept', 'gone'))));
  const kept = (await rowsOf('b'))[1];
  await write(version('Task', 'a', 2, coded('a')), deletion('Task', 'c', 2), version('Task', 'b', 2, coded('new', 'kept')));
  await write(version('Task', 'like-a', 1, coded('a')), version('Task', 'like-b', 1, coded('new', 'kept')));
  expect(await textsOf('a')).toEqual(await textsOf('like-a'));
  expect(await textsOf('b')).toEqual(await textsOf('like-b'));
  expect((await rowsOf('b'))[1]).toEqual(kept);
  expect(await rowsOf('c')).toEqual([]);
});

it('of two versions written at the same moment by plans that looked nothing up, those of the one that is there', async () => {
  const coded = (code: string): IndexEntry => ({ kind: 'token', param: 'code', system: 's', code });
  const blind = (code: string): Promise<void> => {
    const next = { ...version('Task', 't', 2, [coded(code)]), json: `{"resourceType":"Task","id":"t","code":"${code}"}` };
    return database.resources.transact({ lookups: {}, build: () => ({ writes: [next], result: undefined }) });
  };
  await write(version('Task', 't', 1, [coded('before')]));
  const ended = await Promise.allSettled(['a', 'b', 'c'].map(blind));
  expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const current = JSON.parse((await database.resources.read('Task', 't'))?.json ?? '{}') as { code: string };
  expect((await pool.query<{ value: string }>('SELECT value FROM entry')).rows).toEqual([{ value: current.code }]);
});
