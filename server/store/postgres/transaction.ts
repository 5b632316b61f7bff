/** A database transaction on a connection of its own, started over from clean state when others got in between. */
import type pg from 'pg';
import { conflict } from '../../fhir/errors.ts';
import type { Statement } from '../sql/steps.ts';
import { beginOf, isRetryable, rollBack } from './connection.ts';
import { sendTogether } from './pipeline.ts';

const ATTEMPTS_MAX = 12;

/** Thrown within a transaction to start it over. */
export class StartOver extends Error {}

/**
 * Runs `work` between BEGIN and COMMIT, again from the start after a serialization failure, a deadlock or `StartOver`.
 * @throws FhirError 409 `conflict` when that happens too often; otherwise whatever `work` throws, after a rollback.
 */
export function inTransaction<Result>(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<Result>): Promise<Result> {
  return untilDone(async () => {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query(beginOf(pool));
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      broken = await rollBack(client);
      throw error;
    } finally {
      client.release(broken);
    }
  });
}

/**
 * The same for statements that are all known beforehand: in one round trip.
 * @throws FhirError 409 `conflict` as inTransaction; otherwise Error of the driver.
 */
export function inOneGo(pool: pg.Pool, statements: readonly Statement[]): Promise<void> {
  const begin = beginOf(pool).split(';');
  const all = [...begin, ...statements, 'COMMIT'].map((each) => (typeof each === 'string' ? { sql: each.trim(), values: [] } : each));
  return untilDone(async () => {
    const { failure } = await sendTogether(pool, all);
    if (failure !== undefined) throw failure;
  });
}

async function untilDone<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let number = 1; ; number += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StartOver || isRetryable(error))) throw error;
      if (number >= ATTEMPTS_MAX) throw conflict('Others kept changing the same resources; try again.');
    }
    await pause(number);
  }
}

/** A little longer after each attempt, and by chance, so that those who met do not meet again. */
function pause(attempt: number): Promise<void> {
  const upToMs = Math.min(200, 2 ** attempt);
  return new Promise((resolve) => setTimeout(resolve, Math.random() * upToMs));
}
