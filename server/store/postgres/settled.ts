/**
 * How a time is settled (see ../settled-time.ts) among all processes that write: it is put down where every writer looks once
 * others can see that it writes, and then those are waited for that may have looked before.
 *
 * A writer first takes a lock that all writers share and that only tells of them, then looks, by a statement of its own and
 * so with all that is committed by then.
 *
 * Spec: https://www.postgresql.org/docs/18/view-pg-locks.html · https://www.postgresql.org/docs/18/transaction-iso.html#XACT-READ-COMMITTED
 */
import { setTimeout } from 'node:timers/promises';
import type pg from 'pg';
import { unavailable } from '../../fhir/errors.ts';
import { CLOCKS_APART_MS } from '../settled-time.ts';
import { latestSteps, type WriteTimes } from '../sql/settled.ts';
import { type Row, type Statement, textOf } from '../sql/steps.ts';
import { codeOf, run } from './connection.ts';
import { sendTogether } from './pipeline.ts';

const KIND = 'settled-time';
/** The lock that writers share, in the two halves by which `pg_locks` names it. */
const [HIGH, LOW] = [1_717_922_924n, 1_702_064_225n];
const LOCK = HIGH * 2n ** 32n + LOW;
/** A write takes milliseconds. For one that takes long it is asked less and less often: many may wait, and to list all locks holds up whoever takes some. */
const LOOK_AGAIN_MS = { first: 5, growing: 1.5, most: 250 };
/** A disk that is full, and a database that only reads. */
const CANNOT_WRITE = ['53100', '25006'];
/** Longer than a statement of a write may take. */
const WAIT_AT_MOST_MS = 15_000;

/** Tells that this transaction writes, until it ends. */
export const TELL_OF_WRITING: Statement = { sql: 'SELECT pg_advisory_xact_lock_shared($1::bigint) IS NOT NULL AS told', values: [LOCK] };

/** Asks which time is settled; to be asked after `TELL_OF_WRITING`. */
export const ASK_SETTLED: Statement = { sql: 'SELECT value FROM state WHERE kind = $1 AND id = $1', values: [KIND] };

/** The time in the answer to `ASK_SETTLED`; 0 when none was ever settled. */
export const settledIn = (rows: readonly Row[]): number => Number(rows[0]?.value ?? 0);

/** SQL that holds when the time bound as `updated`, bigint, comes after the one that is settled. */
export function isAfterSettled(updated: string): string {
  const settled = `CASE WHEN s.kind = '${KIND}' THEN s.value::bigint END`;
  const range = `BETWEEN ${updated}::bigint AND ${updated}::bigint + ${CLOCKS_APART_MS}`;
  return `NOT EXISTS (SELECT 1 FROM state s WHERE s.kind = '${KIND}' AND s.id = '${KIND}' AND ${settled} ${range})`;
}

const PUT_DOWN = `INSERT INTO state (kind, id, value) VALUES ($1, $1, $2) ON CONFLICT (kind, id) DO UPDATE SET value = excluded.value
  WHERE state.value::bigint NOT BETWEEN excluded.value::bigint AND excluded.value::bigint + ${CLOCKS_APART_MS}`;

/** A time that is lost with the server's memory was of writers that are lost with it. */
const NOT_ON_DISK: Statement = { sql: "SELECT set_config('synchronous_commit', 'off', true)", values: [] };

const WRITERS: Statement = {
  sql: `SELECT l.virtualtransaction AS writer FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
      AND l.classid::bigint = $1::bigint AND l.objid::bigint = $2::bigint`,
  values: [HIGH, LOW],
};

/**
 * Settles the time now, or that of a version ahead of this clock.
 * @throws FhirError 503 `transient` when somebody goes on writing for longer than may be.
 */
export async function settle(pool: pg.Pool, times: WriteTimes): Promise<number> {
  const askAll = async (...statements: Statement[]): Promise<readonly Row[]> => {
    const { results, failure } = await sendTogether(pool, statements);
    if (failure !== undefined) throw failure;
    return results.at(-1) ?? [];
  };
  const ask = (statement: Statement) => askAll(statement);
  const settledMs = times.toSettle(await run({ ask }, latestSteps()));
  await askAll(NOT_ON_DISK, { sql: PUT_DOWN, values: [KIND, String(settledMs)] }).catch((error: unknown) => {
    // Where nothing can be written, nothing is.
    if (!CANNOT_WRITE.includes(codeOf(error))) throw error;
  });
  times.learn(settledMs);
  const writers = async () => new Set((await ask(WRITERS)).map((row) => textOf(row, 'writer')));
  const untilMs = performance.now() + WAIT_AT_MOST_MS;
  let lookAgainMs = LOOK_AGAIN_MS.first;
  for (let waitedFor = await writers(); waitedFor.size > 0; ) {
    if (performance.now() > untilMs) throw unavailable('What is being written has not come to its end; ask again.');
    await setTimeout(lookAgainMs);
    lookAgainMs = Math.min(lookAgainMs * LOOK_AGAIN_MS.growing, LOOK_AGAIN_MS.most);
    waitedFor = waitedFor.intersection(await writers());
  }
  return settledMs;
}
