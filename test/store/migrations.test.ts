import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { migrate } from '../../server/store/postgres/migrate.ts';
import { migrations as postgresMigrations } from '../../server/store/postgres/migrations/all.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { paramKeyOf, resourceKeyOf } from '../../server/store/sql/keys.ts';
import { pendingMigrations } from '../../server/store/sql/migrations.ts';
import { migrations as sqliteMigrations } from '../../server/store/sqlite/migrations/all.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { createDatabase } from '../support/postgres-setup.ts';
import { version } from './version.ts';

const NEWER = 9_999;
const opened = { lookups: {}, build: () => ({ writes: [version('Task', 'a', 1)], result: 'written' }) };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fellesplan-migrations-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function emptyPostgres(): Promise<string> {
  const name = `m_${randomUUID().replaceAll('-', '')}`;
  await createDatabase(inject('postgresUrl'), name, 'template0');
  return `${inject('postgresUrl')}/${name}`;
}

describe('migrations', () => {
  it('run those that are missing, in order', () => {
    const all = [1, 2, 3].map((number) => ({ number, sql: '' }));
    expect(pendingMigrations(all, 0)).toEqual(all);
    expect(pendingMigrations(all, 2).map(({ number }) => number)).toEqual([3]);
    expect(pendingMigrations(all, 3)).toEqual([]);
    expect(() => pendingMigrations(all, 4)).toThrow('use a newer version');
  });

  it('run once when several stores open one empty SQLite file, and a second start keeps the data', async () => {
    const file = join(folder, 'several', 'new.db');
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => openSqliteStore({ file })));
    expect(await first?.resources.transact(opened)).toBe('written');
    for (const database of [first, ...others]) await database?.close();
    const again = await openSqliteStore({ file });
    expect(await again.resources.read('Task', 'a')).toMatchObject({ versionId: 1 });
    await again.close();
  });

  it('run once when several stores open one empty PostgreSQL database at the same moment', async () => {
    const url = await emptyPostgres();
    const [first, ...others] = await Promise.all([1, 2, 3, 4].map(() => openPostgresStore({ url, connections: 2 })));
    expect(await first?.resources.transact(opened)).toBe('written');
    for (const database of others) expect(await database.resources.read('Task', 'a')).toMatchObject({ versionId: 1 });
    for (const database of [first, ...others]) await database?.close();
  });

  it('keep what points at something that is not there', async () => {
    const file = join(folder, 'second-layout.db');
    const before = new DatabaseSync(file);
    for (const { number, sql } of sqliteMigrations.slice(0, 2)) before.exec(`${sql}; PRAGMA user_version = ${number}`);
    const insert = (table: string, row: Readonly<Record<string, string | number | bigint>>): void => {
      const names = Object.keys(row);
      const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
      before.prepare(sql).run(...Object.values(row));
    };
    const goal = { type: 'Goal', id: 'g', version_id: 1, updated: 0, seq: 1 };
    insert('resource', { key: resourceKeyOf('Goal', 'g'), ...goal, deleted: 0 });
    insert('version', { ...goal, rid: 1, method: 'POST', json: '{}' });
    for (const [n, id] of ['absent', 'g'].entries()) {
      const type = id === 'g' ? 'Goal' : 'Patient';
      insert('entry', { rid: 1, param: paramKeyOf('Goal', 'subject'), n, target: resourceKeyOf(type, id), value: id, label: type });
    }
    before.close();
    const after = await openSqliteStore({ file });
    const pointing = (type: string, id: string) => after.resources.referencesTo([{ type, id }], 'Goal', 'subject', 10);
    expect(await pointing('Patient', 'absent')).toEqual([{ type: 'Goal', id: 'g' }]);
    expect(await pointing('Goal', 'g')).toEqual([{ type: 'Goal', id: 'g' }]);
    expect(await pointing('Patient', 'other')).toEqual([]);
    expect(await after.resources.read('Patient', 'absent')).toBeUndefined();
    await after.close();
  });

  it('are refused while an earlier version serves the SQLite file, and run once that is gone', async () => {
    const file = join(folder, 'served.db');
    const earlier = new DatabaseSync(file);
    for (const { number, sql } of sqliteMigrations.slice(0, 2)) earlier.exec(`${sql}; PRAGMA user_version = ${number}`);
    const heardUntil = (ms: number): unknown =>
      earlier.prepare("INSERT OR REPLACE INTO state (kind, id, value, expires) VALUES ('index-process', 'p', '{}', ?)").run(ms);
    heardUntil(Date.now() + 30_000);
    await expect(openSqliteStore({ file })).rejects.toThrow('An earlier version serves the database');
    expect(earlier.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 });
    heardUntil(Date.now() - 1);
    earlier.close();
    await (await openSqliteStore({ file })).close();
  });

  it('are refused while an earlier version serves the PostgreSQL database, and run once that is gone', async () => {
    const url = await emptyPostgres();
    const database = await openPostgresStore({ url, connections: 1 });
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    const later = [...postgresMigrations, { number: NEWER, sql: 'CREATE TABLE later (n integer)' }];
    await database.state.put('index-process', 'p', {}, { expiresAtMs: Date.now() + 30_000 });
    await expect(migrate(pool, undefined, later)).rejects.toThrow('An earlier version serves the database');
    await migrate(pool, undefined);
    await database.state.remove('index-process', 'p');
    await migrate(pool, undefined, later);
    expect((await pool.query('SELECT n FROM later')).rows).toEqual([]);
    await pool.end();
    await database.close();
  });

  it('refuse a SQLite file that a newer version made', async () => {
    const file = join(folder, 'newer.db');
    const newer = new DatabaseSync(file);
    newer.exec(`PRAGMA user_version = ${NEWER}`);
    newer.close();
    await expect(openSqliteStore({ file })).rejects.toThrow(`at layout ${NEWER}`);
  });

  it('refuse a PostgreSQL database that a newer version made', async () => {
    const url = await emptyPostgres();
    await (await openPostgresStore({ url, connections: 1 })).close();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`INSERT INTO migration (number) VALUES (${NEWER})`);
    await client.end();
    await expect(openPostgresStore({ url, connections: 1 })).rejects.toThrow(`at layout ${NEWER}`);
  });

  it('cannot run where PostgreSQL is out of reach: 503 transient', async () => {
    const url = 'postgres://nobody:nothing@127.0.0.1:1/none';
    await expect(openPostgresStore({ url })).rejects.toMatchObject({ status: 503, issues: [{ code: 'transient' }] });
  });
});
