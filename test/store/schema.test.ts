/** A schema of its own for each base, and the same store where schemas are spread over nodes. */
import { randomUUID } from 'node:crypto';
import { Socket } from 'node:net';
import pg from 'pg';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Database } from '../../server/store/database.ts';
import { openPool } from '../../server/store/postgres/connection.ts';
import { readDatabaseUrl } from '../../server/store/postgres/database-url.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { freshPostgresUrl, type StoreOptions } from '../support/stores.ts';
import { resourceStoreContract } from './store-contract.ts';
import { version } from './version.ts';

const opened: Database[] = [];
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

async function open(url: string, schema: string, options: StoreOptions = {}): Promise<Database> {
  const database = await openPostgresStore({ url: `${url}?schema=${schema}`, connections: 4, ...options });
  opened.push(database);
  return database;
}

/** What Citus brings that is asked for; a single node stands for many. */
async function asIfDistributed(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('CREATE FUNCTION citus_schema_distribute(name regnamespace) RETURNS void LANGUAGE sql AS $$ $$');
  await client.end();
}

describe('the schema that DATABASE_URL names', () => {
  it('is made, and holds the tables', async () => {
    const url = await freshPostgresUrl();
    const [north, south] = [await open(url, 'north'), await open(url, 'south')];
    await north.resources.transact({ lookups: {}, build: () => ({ writes: [version('Task', 'a', 1)], result: 0 }) });
    expect(await north.resources.read('Task', 'a')).toMatchObject({ versionId: 1 });
    expect(await south.resources.read('Task', 'a')).toBeUndefined();
    const again = await open(url, 'north');
    expect(await again.resources.read('Task', 'a')).toMatchObject({ versionId: 1 });
  });

  it.each(['North', 'a-b', 'a b', 'x;drop', '1st', '', 'pg_mine', 'a'.repeat(64)])('is refused when it is %j', async (schema) => {
    const opening = openPostgresStore({ url: `postgres://localhost/none?schema=${encodeURIComponent(schema)}` });
    await expect(opening).rejects.toThrow('DATABASE_URL: a schema is named with small letters');
  });

  it.each([
    ['shcema=plans', 'the parameter shcema is not known. Did you mean schema?'],
    ['sslmod=verify-full', 'the parameter sslmod is not known. Did you mean sslmode?'],
    ['sslmode=verify-full&currentSchema=plans', 'the parameter currentSchema is not known'],
  ])('is not missed by %s, which would be passed over', (query, told) => {
    expect(() => readDatabaseUrl(`postgres://localhost/none?${query}`)).toThrow(`DATABASE_URL: ${told}`);
  });

  it('may stand beside what hosts of databases write into a URL', () => {
    const read = readDatabaseUrl(
      'postgres://u:p@h/d?sslmode=require&channel_binding=require&application_name=x&connect_timeout=9&schema=plans',
    );
    expect(read).toMatchObject({ schema: 'plans', connectionString: expect.stringContaining('sslmode=require&channel_binding=require') });
  });

  it('stands beside the settings that the URL asks for and those of the store', async () => {
    const options = encodeURIComponent('-c work_mem=9MB -c jit=on');
    const url = readDatabaseUrl(`${await freshPostgresUrl()}?schema=public&options=${options}`);
    const pool = openPool({ url, connections: 1, searchTimeoutMs: 4_321 });
    const shown = async (name: string): Promise<unknown> => Object.values((await pool.query(`SHOW ${name}`)).rows[0] as object)[0];
    const names = ['work_mem', 'jit', 'search_path', 'statement_timeout'];
    expect(await Promise.all(names.map(shown))).toEqual(['9MB', 'off', 'public', '4321ms']);
    await pool.end();
  });
});

describe('The resource store where schemas are spread over nodes', () => {
  let url: string | undefined;
  const openSpread = async (options?: StoreOptions): Promise<Database> => {
    if (url === undefined) {
      url = await freshPostgresUrl();
      await asIfDistributed(url);
    }
    return open(url, `base_${randomUUID().replaceAll('-', '')}`, options);
  };

  resourceStoreContract(async (options) => (await openSpread(options)).resources);

  it('takes no lock in a statement that another node might carry out', async () => {
    const said = vi.spyOn(pg.Connection.prototype, 'query');
    const written = vi.spyOn(Socket.prototype, 'write');
    try {
      const { resources } = await openSpread();
      await resources.transact({
        lookups: { versions: [{ type: 'Task', id: 'a' }] },
        build: () => ({ writes: [version('Task', 'a', 1)], result: 0 }),
      });
      const texts = [...said.mock.calls.map(([text]) => text), ...written.mock.calls.flatMap(([bytes]) => preparedIn(bytes))];
      const locking = texts.filter((text) => /pg_(try_)?advisory/.test(text));
      expect(locking.length).toBeGreaterThan(1);
      expect(locking.filter((text) => /\b(resource|version|entry|state)\b/.test(text))).toEqual([]);
      expect(texts).toContain('SET LOCAL citus.enable_schema_based_sharding = on');
    } finally {
      said.mockRestore();
      written.mockRestore();
    }
  });
});

/** The texts of the statements that bytes of PostgreSQL's protocol have prepared: `P`, length, name, text. */
function preparedIn(bytes: unknown): readonly string[] {
  const texts: string[] = [];
  if (!Buffer.isBuffer(bytes)) return texts;
  for (let at = 0; at + 5 <= bytes.length; at += 1 + Math.max(0, bytes.readInt32BE(at + 1))) {
    if (bytes[at] === 'P'.charCodeAt(0)) texts.push(bytes.toString('utf8', bytes.indexOf(0, at + 5) + 1).split('\0')[0] as string);
  }
  return texts;
}
