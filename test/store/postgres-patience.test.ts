/** How long a write may take on PostgreSQL does not depend on how soon searches are stopped. */
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../server/store/database.ts';
import { lookupLocks } from '../../server/store/postgres/locks.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { freshPostgresUrl } from '../support/stores.ts';
import { version } from './version.ts';

const SEARCH_TIMEOUT_MS = 200;
const HELD_MS = 600;

let database: Database;
let other: pg.Client;
beforeEach(async () => {
  const url = await freshPostgresUrl();
  database = await openPostgresStore({ url, connections: 3, searchTimeoutMs: SEARCH_TIMEOUT_MS });
  other = new pg.Client({ connectionString: url });
  await other.connect();
});
afterEach(async () => {
  await other.end();
  await database.close();
});

it('a plan waits for another one that takes longer than a search may', async () => {
  const key = { type: 'Task', id: 'a' };
  const lookups = { versions: [key] };
  for (const lock of lookupLocks(lookups).keys()) await other.query('SELECT pg_advisory_lock($1)', [String(lock)]);
  const written = database.resources.transact({ lookups, build: () => ({ writes: [version('Task', 'a', 1)], result: 'written' }) });
  await setTimeout(HELD_MS);
  await other.query('SELECT pg_advisory_unlock_all()');
  expect(await written).toBe('written');
});

it('state is written when whoever held it lets go, and a write that is stopped is 503 transient', async () => {
  await database.state.put('key', 'k', { n: 1 });
  await other.query("BEGIN; SELECT id FROM state WHERE kind = 'key' FOR UPDATE");
  const written = database.state.put('key', 'k', { n: 2 });
  await setTimeout(HELD_MS);
  await other.query('COMMIT');
  await written;
  expect((await database.state.get('key', 'k'))?.value).toEqual({ n: 2 });

  await other.query("BEGIN; SELECT id FROM state WHERE kind = 'key' FOR UPDATE");
  const stopped = expect(database.state.put('key', 'k', { n: 3 })).rejects.toMatchObject({ status: 503, issues: [{ code: 'transient' }] });
  const cancel =
    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()";
  await expect.poll(async () => (await other.query(cancel)).rows.length, { timeout: 4_000 }).toBe(1);
  await stopped;
  await other.query('COMMIT');
  expect((await database.state.get('key', 'k'))?.value).toEqual({ n: 2 });
});
