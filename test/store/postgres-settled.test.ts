/** Whoever waits for what is being written does not keep the database busy by asking for it. */
import { setTimeout } from 'node:timers/promises';
import type pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPool, query } from '../../server/store/postgres/connection.ts';
import { readDatabaseUrl } from '../../server/store/postgres/database-url.ts';
import { settle, TELL_OF_WRITING } from '../../server/store/postgres/settled.ts';
import { WriteTimes } from '../../server/store/sql/settled.ts';
import { freshPostgresUrl } from '../support/stores.ts';

let pool: pg.Pool;
beforeEach(async () => {
  pool = openPool({ url: readDatabaseUrl(await freshPostgresUrl()), connections: 4, searchTimeoutMs: 10_000 });
});
afterEach(() => pool.end());

/** Settles a time while somebody writes for so long. @returns how often a connection was taken, and how long it took, ms. */
async function settledBeside(writingMs: number): Promise<{ readonly asked: number; readonly tookMs: number }> {
  const writer = await pool.connect();
  await writer.query('BEGIN');
  await query(writer, TELL_OF_WRITING);
  let asked = 0;
  const count = () => {
    asked += 1;
  };
  pool.on('acquire', count);
  const startedMs = performance.now();
  const settling = settle(pool, new WriteTimes(Date.now));
  await setTimeout(writingMs);
  const isOverMs = performance.now();
  await writer.query('COMMIT');
  writer.release();
  await settling;
  pool.off('acquire', count);
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(writingMs - 1);
  return { asked, tookMs: performance.now() - isOverMs };
}

it('asks seldom for a write that takes long, and is not told much later that it is over', async () => {
  const { asked, tookMs } = await settledBeside(1_500);
  expect(asked).toBeLessThan(30);
  expect(tookMs).toBeLessThan(1_000);
});
