/** Brings the database to the newest layout, under a lock that makes other processes wait. */
import type pg from 'pg';
import { type Migration, pendingMigrations, servedBy, stillServed } from '../sql/migrations.ts';
import { rollBack, takeYourTime, takingLong } from './connection.ts';
import { migrations } from './migrations/all.ts';
import { connectionOf } from './scarce-connections.ts';

/** Any number will do, as long as it stays. */
const MIGRATION_LOCK = 4_723_902_118;

/**
 * Brings `schema`, made when it is not there, or that of the search path, to the newest layout.
 * @throws Error when the database was made by a newer version, an earlier one serves it, or it cannot hold every text.
 */
export async function migrate(pool: pg.Pool, schema: string | undefined, all: readonly Migration[] = migrations): Promise<void> {
  const client = await connectionOf(pool);
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL lock_timeout = 0');
    await takeYourTime(client);
    await assertEncoding(client);
    await client.query(takingLong(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`));
    if (schema !== undefined) await makeSchema(client, schema);
    await client.query('CREATE TABLE IF NOT EXISTS migration (number integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())');
    const { rows } = await client.query<{ number: number | null }>('SELECT max(number) AS number FROM migration');
    const current = rows[0]?.number ?? 0;
    const pending = pendingMigrations(all, current);
    if (pending.length > 0 && current > 0 && (await client.query(servedBy('$1'), [Date.now()])).rows.length > 0) throw stillServed();
    for (const { number, sql } of pending) {
      await client.query(takingLong(sql));
      await client.query('INSERT INTO migration (number) VALUES ($1)', [number]);
    }
    await client.query('COMMIT');
  } catch (error) {
    broken = await rollBack(client);
    throw error;
  } finally {
    client.release(broken);
  }
}

/** In another encoding it refuses some names, or counts their bytes for letters; and it cannot be changed later. */
async function assertEncoding(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ encoding: string }>("SELECT current_setting('server_encoding') AS encoding");
  const { encoding = '' } = rows[0] ?? {};
  if (encoding !== 'UTF8') throw new Error(`the database is in ${encoding}; make one with ENCODING 'UTF8'`);
}

/** On Citus a schema that is made with this setting is distributed; elsewhere it means nothing. Who may not make schemas can be given one. */
async function makeSchema(client: pg.ClientBase, schema: string): Promise<void> {
  const { rows } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
  if (rows.length > 0) return;
  await client.query('SET LOCAL citus.enable_schema_based_sharding = on');
  await client.query(`CREATE SCHEMA ${schema}`);
}
