/**
 * The PostgreSQL database: any number of server processes on one database, each with a pool of connections.
 *
 * On distributed PostgreSQL (Citus) what is distributed is the schema (see database-url.ts): all tables of a base are on
 * one node, so that every statement is one that a single PostgreSQL carries out. All server processes use one coordinator,
 * which holds the advisory locks: what would take them on the node, in a statement that writes, is not used there.
 */
import type pg from 'pg';
import { unavailable } from '../../fhir/errors.ts';
import type { SearchQuery } from '../../search/query.ts';
import type { Database, Indexer } from '../database.ts';
import type { ResourceStore, SearchPage, StoredVersion } from '../resource-store.ts';
import { entryRows } from '../sql/entry-rows.ts';
import { resourceKeyOf } from '../sql/keys.ts';
import {
  currentSteps,
  historySteps,
  lastResourceSteps,
  lastSequenceSteps,
  readManySteps,
  readSteps,
  readVersionSteps,
  versionsSteps,
} from '../sql/read.ts';
import { referencesFromSteps, referencesToSteps } from '../sql/references.ts';
import { replaceTextsSteps } from '../sql/replace-texts.ts';
import { searchSteps } from '../sql/search.ts';
import { searchTooLong } from '../sql/search-time.ts';
import { WriteTimes } from '../sql/settled.ts';
import { type StateCommand, stateSteps, stateStore } from '../sql/state-methods.ts';
import type { Statement, Steps } from '../sql/steps.ts';
import { type Asked, openPool, portError, query, rollBack, run, takeYourTime } from './connection.ts';
import { readDatabaseUrl } from './database-url.ts';
import { postgresDialect as dialect } from './dialect.ts';
import { isDistributed } from './distributed.ts';
import { migrate } from './migrate.ts';
import { areCurrentSteps, Moments, NeedsOneMoment } from './moment.ts';
import { connectionOf } from './scarce-connections.ts';
import { settle } from './settled.ts';
import { SharedCommits } from './shared-commits.ts';
import { SharedReads } from './shared-reads.ts';
import { Statistics } from './statistics.ts';
import { transact } from './transact.ts';
import { inOneGo, inTransaction, type Session } from './transaction.ts';
import { addEntries, removeEntries } from './write.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, with `?schema=NAME` for tables in a schema of their own. */
  readonly url: string;
  /** Milliseconds since 1970 UTC; left out: the system's clock. */
  readonly nowMs?: () => number;
  /** Connections at the most; 16 when left out. */
  readonly connections?: number;
  /** How long a statement may take, ms; 10 s when left out. */
  readonly searchTimeoutMs?: number;
  /** How long the database may be silent, ms; left out: a little longer than a statement may take. */
  readonly answerWithinMs?: number;
}

/**
 * Connects and brings the database to the newest layout.
 * @throws FhirError 503 `transient` when the database cannot be reached; Error when a newer version made it, or for the name of a schema.
 */
export async function openPostgresStore(options: PostgresOptions): Promise<Database> {
  const nowMs = options.nowMs ?? Date.now;
  const searchTimeoutMs = options.searchTimeoutMs ?? 10_000;
  const url = readDatabaseUrl(options.url);
  const { connections = 16, answerWithinMs } = options;
  const pool = openPool({ url, connections, searchTimeoutMs, ...(answerWithinMs === undefined ? {} : { answerWithinMs }) });
  const statistics = new Statistics(pool);
  const reads = new SharedReads(pool);
  const commits = new SharedCommits(pool);
  const times = new WriteTimes(nowMs);
  const moments = new Moments(pool);
  let open = true;
  /** Also those that still wait for a connection: a pool that is ending serves none of them. */
  const underWay = new Set<Promise<unknown>>();
  const tooCostly = (): Error => searchTooLong(searchTimeoutMs);
  const tooSlow = (): Error => unavailable('The database was too slow to take this in; nothing was written.');
  const guarded = async <Result>(work: () => Promise<Result>, stopped = tooSlow): Promise<Result> => {
    if (!open) throw unavailable('The store is closed.');
    const running = work();
    underWay.add(running);
    try {
      return await running;
    } catch (error) {
      throw portError(error, stopped);
    } finally {
      underWay.delete(running);
    }
  };
  /** Each statement has its own snapshot, until one must not: then all are asked again as of one moment. */
  const asking: Asked = {
    ask: (statement) => (statement.isOfOneMoment === true ? Promise.reject(new NeedsOneMoment()) : reads.ask(statement)),
  };
  const search = (query: SearchQuery): Promise<SearchPage> =>
    run(asking, searchSteps(dialect, query)).catch((error: unknown) => {
      if (!(error instanceof NeedsOneMoment)) throw error;
      return moments.readAlone((session) => run(session, searchSteps(dialect, query)));
    });
  const read = <Result>(steps: () => Steps<Result>): Promise<Result> => guarded(() => run(reads, steps()), tooCostly);
  const write = (command: StateCommand): Promise<unknown> =>
    guarded(() => {
      const known = statementsOf(command);
      if (known !== undefined) return inOneGo(pool, known);
      return inTransaction(pool, (session) => run(session, stateSteps(dialect, command)));
    });
  const state = stateStore({ dialect, nowMs, read, write });
  const prepare = async (): Promise<boolean> => {
    await migrate(pool, url.schema);
    return isDistributed(pool);
  };
  const mayWriteAtOnce = !(await guarded(prepare).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  }));
  const sweeper = setInterval(() => void state.sweep().catch(() => undefined), 60_000).unref();
  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    clearInterval(sweeper);
    await Promise.allSettled(underWay);
    await statistics.close();
    await pool.end();
  };
  const wrote = (count: number): void => statistics.wrote(count);
  const readsBy = (
    read: <Result>(steps: () => Steps<Result>) => Promise<Result>,
  ): Omit<ResourceStore, 'transact' | 'settled' | 'areCurrent' | 'atOneMoment' | 'ping' | 'close'> => ({
    read: (type, id) => read(() => readSteps(dialect, type, id)),
    readMany: async (keys, bytesMax) =>
      (await read(() => readManySteps(dialect, keys, bytesMax))).filter((version) => version.json !== null),
    readVersion: (type, id, versionId) => read(() => readVersionSteps(dialect, type, id, versionId)),
    history: (query) => read(() => historySteps(dialect, query)),
    search: (query) => read(() => searchSteps(dialect, query)),
    referencesFrom: (sources, params, targetType) => read(() => referencesFromSteps(dialect, sources, params, targetType)),
    referencesTo: (targets, type, param, limit) => read(() => referencesToSteps(dialect, targets, type, param, limit)),
  });
  /** The store as of the moment of a session. */
  const storeOf = (session: Session): ResourceStore => {
    const moment: ResourceStore = {
      ...resources,
      ...readsBy((steps) => run(session, steps())),
      areCurrent: async () => true,
      atOneMoment: (work) => work(moment),
    };
    return moment;
  };
  const resources: ResourceStore = {
    ...readsBy(read),
    search: (query) => guarded(() => search(query), tooCostly),
    transact: (plan) => guarded(() => transact(pool, plan, { times, reads, commits, mayWriteAtOnce, tooCostly, wrote })),
    settled: () => guarded(() => settle(pool, times)),
    areCurrent: (versions) => read(() => areCurrentSteps(versions, nowMs())),
    atOneMoment: (work) => guarded(() => moments.read((session) => work(session === undefined ? resources : storeOf(session))), tooCostly),
    ping: async () => void (await read(() => readSteps(dialect, 'Patient', 'ping'))),
    close,
  };
  const versions = (): AsyncIterable<StoredVersion> => versionsOf(pool);
  const reindex: Database['reindex'] = async (index, onProgress) => {
    const upTo = await read(() => lastResourceSteps());
    let done = 0;
    for (let after = 0; ; ) {
      const last = await guarded(() => reindexSome(pool, after, upTo, index));
      if (last === undefined) break;
      after = last.rid;
      done += last.count;
      onProgress?.(done);
    }
    if (done > 0) await statistics.refresh().catch(() => undefined);
    return done;
  };
  const replaceTexts: Database['replaceTexts'] = (replaced) =>
    guarded(() => inTransaction(pool, (session) => run(session, replaceTextsSteps(dialect, replaced))));
  return { resources, state, versions, reindex, replaceTexts, close };
}

/** The statements of a command whose steps do not depend on what the database answers; undefined for others. */
function statementsOf(command: StateCommand): readonly Statement[] | undefined {
  if (command.name !== 'put' && command.name !== 'add') return undefined;
  const statements: Statement[] = [];
  const steps = stateSteps(dialect, command);
  for (let step = steps.next([]); !step.done; step = steps.next([])) statements.push(step.value);
  return statements;
}

/** How many versions, or resources, are taken at a time, so that others do not wait long. */
const PAGE = 200;

/** All versions from one snapshot; the transaction reads only. */
async function* versionsOf(pool: pg.Pool): AsyncGenerator<StoredVersion> {
  const client = await connectionOf(pool);
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await takeYourTime(client);
    const snapshot = { ask: (statement: Statement) => query(client, statement) };
    const upTo = await run(snapshot, lastSequenceSteps());
    for (let after = 0; after < upTo; ) {
      const page = await run(snapshot, versionsSteps(dialect, after, upTo, PAGE));
      for (const { sequence, ...version } of page) {
        yield version;
        after = sequence;
      }
      if (page.length < PAGE) return;
    }
  } finally {
    client.release(await rollBack(client));
  }
}

/** Indexes the next resources again, their rows locked against writers. @returns the last one and how many; undefined at the end. */
async function reindexSome(
  pool: pg.Pool,
  after: number,
  upTo: number,
  index: Indexer,
): Promise<{ rid: number; count: number } | undefined> {
  return inTransaction(pool, async (session) => {
    const resources = await run(session, currentSteps(dialect, after, upTo, PAGE, ' FOR UPDATE'));
    const last = resources.at(-1);
    if (last === undefined) return undefined;
    removeEntries(
      session,
      resources.map(({ rid }) => rid),
    );
    addEntries(
      session,
      resources.map(({ rid, type, json }) => ({ rid, rows: entryRows(type, index(type, json), resourceKeyOf) })),
    );
    return { rid: last.rid, count: resources.length };
  });
}
