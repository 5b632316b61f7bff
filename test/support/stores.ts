/** Runs the same tests on both databases, each test on a fresh one. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, inject } from 'vitest';
import type { Database } from '../../server/store/database.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import type { ResourceStore } from '../../server/store/resource-store.ts';
import { openSqliteStore, type SqliteOptions } from '../../server/store/sqlite/open.ts';
import { createDatabase, TEMPLATE } from './postgres-setup.ts';

export interface StoreOptions {
  readonly nowMs?: () => number;
  readonly searchTimeoutMs?: number;
}

/** Opens a fresh database; it is closed and removed after the test. */
export type OpenDatabase = (options?: StoreOptions) => Promise<Database>;
export type OpenStore = (options?: StoreOptions) => Promise<ResourceStore>;

/** The tests of `define`, once on SQLite and once on PostgreSQL. `open` gives the resource store of a fresh database. */
export function onEachStore(title: string, define: (open: OpenStore) => void): void {
  onEachDatabase(title, (open) => define(async (options) => (await open(options)).resources));
}

/** The same with the whole database: resources and state. */
export function onEachDatabase(title: string, define: (open: OpenDatabase) => void): void {
  describe(`${title} on SQLite`, () => define(opener(openFreshSqlite)));
  describe(`${title} on PostgreSQL`, () => define(opener(openFreshPostgres)));
}

interface Fresh {
  readonly database: Database;
  readonly remove: () => Promise<void>;
}

function opener(openFresh: (options: StoreOptions) => Promise<Fresh>): OpenDatabase {
  let opened: Fresh[] = [];
  afterEach(async () => {
    const done = opened;
    opened = [];
    for (const { database, remove } of done) {
      await database.close();
      await remove();
    }
  });
  return async (options = {}) => {
    const fresh = await openFresh(options);
    opened.push(fresh);
    return fresh.database;
  };
}

async function openFreshSqlite(options: StoreOptions): Promise<Fresh> {
  const folder = await mkdtemp(join(tmpdir(), 'fellesplan-sqlite-'));
  const database = await openNewSqlite({ file: join(folder, 'fellesplan.db'), ...options });
  return { database, remove: () => rm(folder, { recursive: true, force: true }) };
}

let emptySqlite: Promise<Buffer> | undefined;

/**
 * Opens a database that is not there yet, in a folder that is. It begins as a copy of an empty one: to make one takes
 * four times as long, most of it waiting for the disk.
 */
export async function openNewSqlite(options: SqliteOptions): Promise<Database> {
  emptySqlite ??= makeEmptySqlite();
  await writeFile(options.file, await emptySqlite, { mode: 0o600, flag: 'wx' });
  return openSqliteStore(options);
}

async function makeEmptySqlite(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'fellesplan-sqlite-'));
  const file = join(folder, 'empty.db');
  await (await openSqliteStore({ file })).close();
  const made = await readFile(file);
  await rm(folder, { recursive: true, force: true });
  return made;
}

interface Emptied {
  readonly url: string;
  readonly empty: () => Promise<void>;
}

/** Databases of this worker that have been emptied: emptying one is much faster than making one. */
const emptied: Emptied[] = [];

async function openFreshPostgres(options: StoreOptions): Promise<Fresh> {
  const fresh = emptied.pop() ?? emptiable(await freshPostgresUrl());
  const database = await openPostgresStore({ url: fresh.url, connections: 4, ...options });
  return { database, remove: async () => void (await fresh.empty().then(() => emptied.push(fresh))) };
}

/** Deleting a few rows is much faster than truncating; what has grown, or has statistics, is truncated. */
const EMPTY = `DO $$
  DECLARE
    tables regclass[] := ARRAY(SELECT format('public.%I', tablename)::regclass FROM pg_tables
                               WHERE schemaname = 'public' AND tablename <> 'migration');
    each regclass;
  BEGIN
    IF EXISTS (SELECT FROM pg_class WHERE oid = ANY (tables) AND (reltuples > 0 OR pg_relation_size(oid) > 500000)) THEN
      EXECUTE 'TRUNCATE ' || array_to_string(tables, ', ') || ' RESTART IDENTITY';
    ELSE
      FOREACH each IN ARRAY tables LOOP EXECUTE format('DELETE FROM %s', each); END LOOP;
      PERFORM setval(oid, 1, false) FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace;
    END IF;
  END $$`;

/** Keeps the connection by which it empties, for a new one costs more than to empty: until a test ends all connections. */
function emptiable(url: string): Emptied {
  let kept: pg.Client | undefined;
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {
      kept = undefined;
    });
    await client.connect();
    return client;
  };
  const empty = async (): Promise<void> => {
    kept ??= await connect();
    await kept.query(EMPTY);
  };
  return { url, empty };
}

/** The URL of a new, migrated database. It goes when the test run ends. */
export async function freshPostgresUrl(): Promise<string> {
  const url = inject('postgresUrl');
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await createDatabase(url, name, TEMPLATE);
  return `${url}/${name}`;
}
