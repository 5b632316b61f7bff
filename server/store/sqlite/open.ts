/**
 * The SQLite database: one file, one writer, reads that never wait. What reads runs on the main thread: a selective read
 * takes microseconds, less than handing it to another thread. What is decided is written by a thread of its own, as soon
 * as there is enough of it (see commit-queue.ts, writer.ts).
 */
import { statSync } from 'node:fs';
import { unavailable } from '../../fhir/errors.ts';
import type { Database, Indexer } from '../database.ts';
import type { Decided, ResourceStore, SearchPage, StoredVersion, TransactionPlan } from '../resource-store.ts';
import { assertWritable, foundOf } from '../sql/plan.ts';
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
import { latestSteps, WriteTimes } from '../sql/settled.ts';
import { addCommand, type StateCommand, stateStore } from '../sql/state-methods.ts';
import type { Steps } from '../sql/steps.ts';
import type { StateStore } from '../state-store.ts';
import { CommitQueue, type Task } from './commit-queue.ts';
import { Connection } from './connection.ts';
import { CurrentVersions } from './current-versions.ts';
import { sqliteDialect as dialect } from './dialect.ts';
import { LiveEntries } from './live-entries.ts';
import { keepPrivate } from './private-file.ts';
import { readThrough } from './read-through.ts';
import { openWriter } from './writer.ts';

export interface SqliteOptions {
  /** Path of the database file; it and its folder are made when missing, for their owner alone. */
  readonly file: string;
  /** Milliseconds since 1970 UTC; left out: the system's clock. */
  readonly nowMs?: () => number;
  /** Memory for pages of the file; left out: a 32nd of it, from 8 to 48 MiB. */
  readonly cacheBytes?: number;
  /** How long a search may take, ms: 3 s when left out, for nothing else is done meanwhile. */
  readonly searchTimeoutMs?: number;
  /** After so many commits a thread does the writing; 100 when left out. */
  readonly threadAfterGroups?: number;
}

/**
 * Opens the file and brings it to the newest layout.
 * @throws Error when the file cannot be opened, is no database, or was made by a newer version.
 */
export async function openSqliteStore(options: SqliteOptions): Promise<Database> {
  keepPrivate(options.file);
  const nowMs = options.nowMs ?? Date.now;
  const times = new WriteTimes(nowMs);
  const connection = new Connection(options.file, {
    cacheBytes: options.cacheBytes ?? readerCacheBytes(options.file),
    searchTimeoutMs: options.searchTimeoutMs ?? 3_000,
  });
  const threadAfterGroups = options.threadAfterGroups ?? 100;
  const writer = openWriter(connection, { file: options.file, cacheBytes: WRITER_CACHE_BYTES, threadAfterGroups });
  const current = new CurrentVersions(connection);
  const queue = new CommitQueue(writer, { lookAgain: () => connection.endTurn(), forget: () => current.forget() });
  let open = true;
  const read = async <Result>(steps: () => Steps<Result>): Promise<Result> => {
    if (!open) throw unavailable('The store is closed.');
    return connection.readInTurn(() => connection.run(steps()));
  };
  const live = new LiveEntries(connection);
  const write = (command: StateCommand): Promise<unknown> => queue.run(stateTask(command)).finally(() => live.changedBy(command));
  const has: StateStore['has'] = async (kind, id) => {
    if (!open) throw unavailable('The store is closed.');
    return connection.readInTurn(() => live.has(kind, id, nowMs()));
  };
  const state: StateStore = { ...stateStore({ dialect, nowMs, read, write }), has };
  const sweeper = setInterval(() => {
    void state.sweep().catch(() => undefined);
    if (options.cacheBytes !== undefined) return;
    try {
      connection.keepPages(readerCacheBytes(options.file));
    } catch {
      // A file that cannot be looked at just now is as large as it was. Whoever reads it says so.
    }
  }, 60_000).unref();
  const closing = new AbortController();
  // Searches say so themselves when the file cannot be read.
  const heldInMemory = readThrough(options.file, closing.signal).catch(() => 0);
  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    clearInterval(sweeper);
    closing.abort();
    await heldInMemory;
    await queue.close();
    connection.close();
  };
  const resources: ResourceStore = {
    read: (type, id) => read(() => readSteps(dialect, type, id)),
    readMany: async (keys, bytesMax) =>
      (await read(() => readManySteps(dialect, keys, bytesMax))).filter((version) => version.json !== null),
    readVersion: (type, id, versionId) => read(() => readVersionSteps(dialect, type, id, versionId)),
    history: (query) => read(() => historySteps(dialect, query)),
    search: (query) => read(() => searchSteps(dialect, query)),
    referencesFrom: (sources, params, targetType) => read(() => referencesFromSteps(dialect, sources, params, targetType)),
    referencesTo: (targets, type, param, limit) => read(() => referencesToSteps(dialect, targets, type, param, limit)),
    transact: (plan) => queue.run(planTask(connection, current, plan, times)),
    settled: () => queue.run(settlingTask(connection, times)),
    // One turn of the event loop reads what is committed as of one moment, and what was read in it is current in it.
    areCurrent: async () => true,
    atOneMoment: (work) => work(resources),
    ping: async () => void (await read(() => readSteps(dialect, 'Patient', 'ping'))),
    close,
  };
  const versions = async function* (): AsyncGenerator<StoredVersion> {
    const upTo = await read(() => lastSequenceSteps());
    for (let after = 0; after < upTo; ) {
      const page = await read(() => versionsSteps(dialect, after, upTo, PAGE));
      for (const { sequence, ...version } of page) {
        yield version;
        after = sequence;
      }
      if (page.length < PAGE) return;
    }
  };
  const reindex: Database['reindex'] = async (index, onProgress) => {
    const upTo = await read(() => lastResourceSteps());
    let done = 0;
    for (let after = 0; ; ) {
      const last = await queue.run(reindexTask(connection, after, upTo, index));
      if (last === undefined) return done;
      after = last.rid;
      done += last.count;
      onProgress?.(done);
      // Another process that waits for the file's one writer gets its turn.
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  const replaceTexts: Database['replaceTexts'] = async (replaced) => {
    if (!open) throw unavailable('The store is closed.');
    inTransactionOfItsOwn(options.file, (own) => own.run(replaceTextsSteps(dialect, replaced)));
    connection.endTurn();
  };
  return { resources, state, versions, reindex, replaceTexts, close };
}

/** How many versions, or resources, are taken at a time, so that others do not wait long. */
const PAGE = 200;
/** Longer than SQLite's first naps while it waits for a lock. */
const PAUSE_MS = 10;
const READER_CACHE_BYTES = { least: 8 * 1024 * 1024, most: 48 * 1024 * 1024, share: 1 / 32 };
/** The writer comes by a page once for a whole group; the operating system keeps the file as well. */
const WRITER_CACHE_BYTES = 8 * 1024 * 1024;

/**
 * Room for the upper pages of every index, which are a hundredth of the file or so: with that, a search reads the pages
 * that hold what it finds and few others; the operating system keeps those.
 */
function readerCacheBytes(file: string): number {
  const { least, most, share } = READER_CACHE_BYTES;
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return Math.min(most, Math.max(least, size * share));
}

/** Changes the file as another process would, which readers learn of when their turn ends. */
function inTransactionOfItsOwn(file: string, change: (connection: Connection) => void): void {
  const connection = new Connection(file, { cacheBytes: WRITER_CACHE_BYTES, searchTimeoutMs: Number.POSITIVE_INFINITY });
  try {
    connection.exec('BEGIN IMMEDIATE');
    change(connection);
    connection.exec('COMMIT');
  } finally {
    connection.close();
  }
}

/** Indexes the next resources again. @returns the last one and how many; undefined at the end. */
function reindexTask(
  connection: Connection,
  after: number,
  upTo: number,
  index: Indexer,
): Task<{ rid: number; count: number } | undefined> {
  return {
    lookups: 'everything',
    isLong: true,
    decide() {
      const resources = connection.run(currentSteps(dialect, after, upTo, PAGE, ''));
      const reindexed = resources.map(({ rid, type, json }) => ({ rid, type, index: index(type, json) }));
      const last = resources.at(-1);
      const result = last === undefined ? undefined : { rid: last.rid, count: resources.length };
      return { piece: { reindexed }, touches: [], result: () => result };
    },
  };
}

/** Writes nothing. When it is decided nothing is in flight, and what is decided later gets a later time. */
function settlingTask(connection: Connection, times: WriteTimes): Task<number> {
  return {
    lookups: 'everything',
    decide() {
      const settledMs = times.toSettle(connection.readInTurn(() => connection.run(latestSteps())));
      times.learn(settledMs);
      return { piece: {}, touches: [], result: () => settledMs };
    },
  };
}

function stateTask(command: StateCommand): Task<unknown> {
  return { lookups: {}, decide: () => ({ piece: { state: [command] }, touches: [], result: ([value]) => value }) };
}

function planTask<Result>(
  connection: Connection,
  current: CurrentVersions,
  plan: TransactionPlan<Result>,
  times: WriteTimes,
): Task<Result> {
  const { lookups } = plan;
  const { versions = [], searches = [] } = lookups;
  const isFree = versions.length + searches.length === 0;
  const read = () => connection.readInTurn(() => connection.run(readManySteps(dialect, versions)));
  const search = () => connection.readInTurn(() => searches.map((query) => connection.run(searchSteps(dialect, query))));
  /** What is decided by versions that are known; undefined where it is to be decided by what the file says. */
  const decideAsKnown = (now: number, pages: readonly SearchPage[]): Decided<Result> | undefined => {
    const known = current.find(versions);
    if (known === undefined) return undefined;
    try {
      const decided = plan.build(foundOf(now, known, pages));
      return decided.writes.length === 0 ? undefined : decided;
    } catch {
      return undefined;
    }
  };
  return {
    lookups,
    decide() {
      const now = times.next();
      const pages = searches.length === 0 ? [] : search();
      const decided = decideAsKnown(now, pages) ?? plan.build(foundOf(now, versions.length === 0 ? [] : read(), pages));
      const { writes, state = [], result } = decided;
      assertWritable(writes);
      const additions = state.map((addition) => addCommand(addition, now));
      const written = (): Result => {
        // What is created without a look, or by the service beside what was asked for, is seldom changed.
        current.written(writes.filter(({ versionId, alongside }) => versionId > 1 || !(isFree || alongside === true)));
        return result;
      };
      return { piece: { writes, state: additions }, touches: writes, result: written };
    },
  };
}
