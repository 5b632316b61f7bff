/** A database transaction on a connection of its own, started over from clean state when others got in between. */
import type pg from 'pg';
import { conflict } from '../../fhir/errors.ts';
import { beginOf, isRetryable, rollBack } from './connection.ts';

const ATTEMPTS_MAX = 12;

/** Thrown within a transaction to start it over. */
export class StartOver extends Error {}

/**
 * Runs `work` between BEGIN and COMMIT, again from the start after a serialization failure, a deadlock or `StartOver`.
 * @throws FhirError 409 `conflict` when that happens too often; otherwise whatever `work` throws, after a rollback.
 */
export async function inTransaction<Result>(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query(beginOf(pool));
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      broken = await rollBack(client);
      if (!(error instanceof StartOver || isRetryable(error))) throw error;
      if (attempt >= ATTEMPTS_MAX) throw conflict('Others kept changing the same resources; try again.');
    } finally {
      client.release(broken);
    }
    await pause(attempt);
  }
}

/** A little longer after each attempt, and by chance, so that those who met do not meet again. */
function pause(attempt: number): Promise<void> {
  const upToMs = Math.min(200, 2 ** attempt);
  return new Promise((resolve) => setTimeout(resolve, Math.random() * upToMs));
}
