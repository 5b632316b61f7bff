/**
 * The PostgreSQL database: any number of server processes on one database, each with a pool of connections.
 *
 * On distributed PostgreSQL (Citus) `resource`, `version` and `entry` are distributed by `rid`, colocated; conditions on one
 * resource stay on its shard, chains join across shards (`citus.enable_repartition_joins`), and all server processes use
 * one coordinator, which holds the advisory locks.
 */
import type pg from 'pg';
import { unavailable } from '../../fhir/errors.ts';
import type { Database } from '../database.ts';
import type { ResourceStore } from '../resource-store.ts';
import { historySteps, readManySteps, readSteps, readVersionSteps, referencesFromSteps, referencesToSteps } from '../sql/read.ts';
import { searchSteps } from '../sql/search.ts';
import { stateStore } from '../sql/state-methods.ts';
import type { Steps } from '../sql/steps.ts';
import { isRetryable, openPool, portError, run } from './connection.ts';
import { postgresDialect as dialect } from './dialect.ts';
import { migrate } from './migrate.ts';
import { transact } from './transact.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** Milliseconds since 1970 UTC; left out: the system's clock. */
  readonly nowMs?: () => number;
  /** Connections at the most; 16 when left out. */
  readonly connections?: number;
}

/**
 * Connects and brings the database to the newest layout.
 * @throws FhirError 503 `transient` when the database cannot be reached; Error when a newer version made it.
 */
export async function openPostgresStore(options: PostgresOptions): Promise<Database> {
  const nowMs = options.nowMs ?? Date.now;
  const pool = openPool({ url: options.url, connections: options.connections ?? 16 });
  let open = true;
  const guarded = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (!open) throw unavailable('The store is closed.');
    try {
      return await work();
    } catch (error) {
      throw portError(error);
    }
  };
  const read = <Result>(steps: () => Steps<Result>): Promise<Result> => guarded(() => run(pool, steps()));
  const write = <Result>(steps: () => Steps<Result>): Promise<Result> => guarded(() => inTransaction(pool, steps));
  const state = stateStore({ dialect, nowMs, read, write });
  try {
    await guarded(() => migrate(pool));
  } catch (error) {
    await pool.end();
    throw error;
  }
  const sweeper = setInterval(() => void state.sweep().catch(() => undefined), 60_000).unref();
  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    clearInterval(sweeper);
    await pool.end();
  };
  const resources: ResourceStore = {
    read: (type, id) => read(() => readSteps(dialect, type, id)),
    readMany: async (keys) => (await read(() => readManySteps(dialect, keys))).filter((version) => version.json !== null),
    readVersion: (type, id, versionId) => read(() => readVersionSteps(dialect, type, id, versionId)),
    history: (query) => read(() => historySteps(dialect, query)),
    search: (query) => read(() => searchSteps(dialect, query)),
    referencesFrom: (sources, param, targetType) => read(() => referencesFromSteps(dialect, sources, param, targetType)),
    referencesTo: (targets, type, param, limit) => read(() => referencesToSteps(dialect, targets, type, param, limit)),
    transact: (plan) => guarded(() => transact(pool, plan, nowMs)),
    ping: async () => void (await read(() => readSteps(dialect, 'Patient', 'ping'))),
    close,
  };
  return { resources, state, close };
}

/** One transaction for steps that each lock the rows they change; started over when another one got in between. */
async function inTransaction<Result>(pool: pg.Pool, steps: () => Steps<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await run(client, steps());
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: unknown) => {
        broken = failure instanceof Error ? failure : new Error(String(failure));
      });
      if (!isRetryable(error) || attempt >= 10) throw error;
    } finally {
      client.release(broken);
    }
  }
}
