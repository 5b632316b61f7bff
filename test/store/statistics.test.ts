/** PostgreSQL's planner learns what has come in without waiting for PostgreSQL's own rounds. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, expect, inject, it, vi } from 'vitest';
import type { Database } from '../../server/store/database.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { createDatabase } from '../support/postgres-setup.ts';
import { version } from './version.ts';

let database: Database;
let client: pg.Client;

beforeEach(async () => {
  const name = `s_${randomUUID().replaceAll('-', '')}`;
  await createDatabase(inject('postgresUrl'), name, 'template0');
  const url = `${inject('postgresUrl')}/${name}`;
  database = await openPostgresStore({ url, connections: 2 });
  client = new pg.Client(url);
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await database.close();
});

const writeTasks = (prefix: string, count: number): Promise<void> =>
  database.resources.transact({
    lookups: {},
    build: () => ({
      writes: Array.from({ length: count }, (_, n) =>
        version('Task', `${prefix}${n}`, 1, [{ kind: 'token', param: 'code', system: null, code: 'x' }]),
      ),
      result: undefined,
    }),
  });

/** How many rows the planner takes a table for; -1 when it was never looked through. */
const rowsKnown = async (table: string): Promise<number> =>
  Number((await client.query<{ rows: number }>('SELECT reltuples AS rows FROM pg_class WHERE oid = $1::regclass', [table])).rows[0]?.rows);

it('tables are looked through when a thousand resources have been written, and again at twice as many', async () => {
  await writeTasks('a', 600);
  expect(await rowsKnown('resource')).toBe(-1);
  await writeTasks('b', 600);
  await vi.waitFor(async () => expect(await rowsKnown('entry')).toBe(1200), 10_000);
  await writeTasks('c', 1300);
  await vi.waitFor(async () => expect(await rowsKnown('version')).toBe(2500), 10_000);
});

it('tables are looked through after the index was made anew', async () => {
  await writeTasks('a', 20);
  expect(await database.reindex(() => [])).toBe(20);
  expect(await rowsKnown('resource')).toBe(20);
});
