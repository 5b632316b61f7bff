/** Brings the database to the newest layout, under a lock that makes other processes wait. */
import type pg from 'pg';
import { pendingMigrations } from '../sql/migrations.ts';
import { migrations } from './migrations/all.ts';

/** Any number will do, as long as it stays. */
const MIGRATION_LOCK = 4_723_902_118;

/** @throws Error when the database was made by a newer version. */
export async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL lock_timeout = 0');
    await client.query('SET LOCAL statement_timeout = 0');
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query('CREATE TABLE IF NOT EXISTS migration (number integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())');
    const { rows } = await client.query<{ number: number | null }>('SELECT max(number) AS number FROM migration');
    for (const { number, sql } of pendingMigrations(migrations, rows[0]?.number ?? 0)) {
      await client.query(sql);
      await client.query('INSERT INTO migration (number) VALUES ($1)', [number]);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
