/** A PostgreSQL that is there and does not do all that is asked of it. */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { withWritePing } from '../../server/store/can-write.ts';
import type { Database } from '../../server/store/database.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { version } from '../store/version.ts';
import { freshPostgresUrl } from '../support/stores.ts';

const OUTAGE = { status: 503, issues: [{ code: 'transient' }], headers: { 'Retry-After': '1' } };

const TRANSACTION_MS = 300;

let url: string;
let name: string;
let database: Database | undefined;

beforeEach(async () => {
  url = await freshPostgresUrl();
  name = new URL(url).pathname.slice(1);
});
afterEach(async () => {
  await database?.close();
  database = undefined;
});

/** Asks the server as its administrator. */
async function administer(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

const END_ALL = () => `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`;

async function write(id: string): Promise<void> {
  const writes = [version('Task', id, 1)];
  await database?.resources.transact({ lookups: { versions: [{ type: 'Task', id }] }, build: () => ({ writes, result: 0 }) });
}

it('takes no writes any more, as a standby: 503 transient, not ready, and gone on with when it does again', async () => {
  database = withWritePing(await openPostgresStore({ url, connections: 2 }));
  const { resources, state } = database;
  await write('before');
  await administer(`ALTER DATABASE ${name} SET default_transaction_read_only = on`, END_ALL());
  await Promise.allSettled([1, 2].map(() => resources.ping()));
  await expect(write('standby')).rejects.toMatchObject(OUTAGE);
  // It may be behind.
  await expect(resources.read('Task', 'before')).rejects.toMatchObject(OUTAGE);
  await expect(state.put('kind', 'id', {})).rejects.toMatchObject(OUTAGE);
  await expect(state.insertIfAbsent('kind', 'id', {})).rejects.toMatchObject(OUTAGE);
  await expect(resources.transact({ lookups: {}, build: () => ({ writes: [version('Goal', 'g', 1)], result: 0 }) })).rejects.toMatchObject(
    OUTAGE,
  );
  await expect(resources.ping()).rejects.toMatchObject(OUTAGE);
  await administer(`ALTER DATABASE ${name} SET default_transaction_read_only = off`);
  await resources.ping();
  expect(await resources.read('Task', 'before')).toMatchObject({ versionId: 1 });
  await write('standby');
  expect(await resources.read('Task', 'standby')).toMatchObject({ versionId: 1 });
});

it('takes no writes from now on, in the middle of its sessions: 503 transient, by new sessions each time, and not ready', async () => {
  database = withWritePing(await openPostgresStore({ url, connections: 1 }));
  const { resources } = database;
  await write('before');
  const inside = new pg.Client({ connectionString: url });
  await inside.connect();
  await inside.query(`CREATE FUNCTION standby() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'cannot execute INSERT in a read-only transaction' USING ERRCODE = '25006'; END $$`);
  for (const table of ['version', 'state'])
    await inside.query(`CREATE TRIGGER standby BEFORE INSERT ON ${table} EXECUTE FUNCTION standby()`);
  const sessions = async (): Promise<unknown> =>
    (await inside.query("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'fellesplan'")).rows;
  const atFirst = await sessions();
  expect(atFirst).toHaveLength(1);
  await expect(write('standby')).rejects.toMatchObject(OUTAGE);
  await expect(resources.ping()).rejects.toMatchObject(OUTAGE);
  await resources.read('Task', 'before');
  expect(await sessions()).not.toEqual(atFirst);
  await inside.query('DROP FUNCTION standby CASCADE');
  await resources.ping();
  await write('standby');
  await inside.end();
});

it('is out of reach where its socket is not there', async () => {
  const gone = `postgres://postgres@localhost/${name}?host=${encodeURIComponent('/tmp/no-such-folder-of-sockets')}`;
  await expect(openPostgresStore({ url: gone, connections: 1 })).rejects.toMatchObject({ ...OUTAGE, cause: { code: 'ENOENT' } });
});

describe('a role that may have few connections', () => {
  const role = `few_${randomUUID().replaceAll('-', '')}`;
  const few = async (): Promise<string> => {
    await administer(`CREATE ROLE ${role} LOGIN CONNECTION LIMIT 2 IN ROLE postgres`);
    const asRole = new URL(url);
    asRole.username = role;
    return asRole.href;
  };
  afterEach(async () => {
    await database?.close();
    await administer(`DROP ROLE IF EXISTS ${role}`);
  });

  it('has all requests wait for those it has', async () => {
    database = await openPostgresStore({ url: await few(), connections: 12 });
    await Promise.all(Array.from({ length: 40 }, (_, n) => write(`t${n}`)));
    const { resources } = database;
    const all = await Promise.all(Array.from({ length: 40 }, (_, n) => resources.read('Task', `t${n}`)));
    expect(all.map((found) => found?.versionId)).toEqual(Array.from({ length: 40 }, () => 1));
  });

  it('is 503 transient where there is none at all', async () => {
    const place = await few();
    const others = [1, 2].map(() => new pg.Client({ connectionString: place }));
    await Promise.all(others.map((each) => each.connect()));
    await expect(openPostgresStore({ url: place, connections: 12 })).rejects.toMatchObject(OUTAGE);
    await Promise.all(others.map((each) => each.end()));
  });
});

it.each(['SQL_ASCII', 'LATIN1'])('in %s is refused before anything is made in it', async (encoding) => {
  const other = `e_${randomUUID().replaceAll('-', '')}`;
  await administer(`CREATE DATABASE ${other} TEMPLATE template0 ENCODING '${encoding}' LC_COLLATE 'C' LC_CTYPE 'C'`);
  const refused = openPostgresStore({ url: `${inject('postgresUrl')}/${other}`, connections: 1 });
  await expect(refused).rejects.toThrow(`the database is in ${encoding}; make one with ENCODING 'UTF8'`);
  await administer(`DROP DATABASE ${other} WITH (FORCE)`);
});

it('ends transactions that take longer than its operator likes: a request is 503 transient, a backup takes its time', async () => {
  database = await openPostgresStore({ url, connections: 2 });
  const { resources, state, versions } = database;
  const writes = Array.from({ length: 450 }, (_, n) => version('Task', `t${n}`, 1));
  await resources.transact({ lookups: {}, build: () => ({ writes, result: 0 }) });
  await state.put('key', 'k', {});
  await administer(`ALTER DATABASE ${name} SET transaction_timeout = '${TRANSACTION_MS}ms'`, END_ALL());
  await Promise.allSettled([1, 2].map(() => resources.ping()));

  const other = new pg.Client({ connectionString: url, options: '-c transaction_timeout=0' });
  await other.connect();
  await other.query("BEGIN; SELECT id FROM state WHERE kind = 'key' FOR UPDATE");
  await expect(state.put('key', 'k', { n: 1 })).rejects.toMatchObject(OUTAGE);
  await other.end();

  let seen = 0;
  for await (const _ of versions()) {
    seen += 1;
    if (seen % 200 === 0) await setTimeout(TRANSACTION_MS);
  }
  expect(seen).toBe(writes.length);
});
