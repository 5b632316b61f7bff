/**
 * What SQLite would do within a commit, done beside it: fsync of the write-ahead log, and moving what stands in the log
 * into the database file.
 *
 * With `synchronous = NORMAL` a commit is written to the log but not synced; the store answers when `sync` has done
 * that, so that durability is that of `FULL`. SQLite itself syncs the log before it moves anything out of it.
 *
 * Spec: https://sqlite.org/wal.html#performance_considerations · https://sqlite.org/pragma.html#pragma_wal_checkpoint ·
 * https://wiki.postgresql.org/wiki/Fsync_Errors
 */
import { closeSync, fdatasync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';

/** SQLite's name for a database without a file, and so without a log. */
export const IN_MEMORY = ':memory:';

/** On a thread of the pool: whoever calls goes on meanwhile. */
const forceToDisk = promisify(fdatasync);
/** Readers hold the log for one turn of their event loop. */
const WAIT_FOR_READERS_MS = 100;

export class WriteAheadLog {
  readonly #file: string;
  readonly #force: (log: number) => Promise<void>;
  #log: number | undefined;
  /** A sync has failed, and it is not known what of the log is on disk. */
  #isDoubtful = false;
  /** The sync that runs, and the one that begins when it has ended. */
  #current: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  /** @param file the database file. */
  constructor(file: string, force: (log: number) => Promise<void> = forceToDisk) {
    this.#file = file;
    this.#force = force;
  }

  /**
   * Resolves when everything committed before the call is on disk; one sync serves all that wait for it to begin.
   * @throws Error when it cannot be known to be.
   */
  sync(): Promise<void> {
    if (this.#file === IN_MEMORY) return Promise.resolve();
    this.#next ??= this.#syncAfter(this.#current);
    return this.#next;
  }

  async #syncAfter(before: Promise<void> | undefined): Promise<void> {
    // What failed for others is told to them.
    await before?.catch(() => undefined);
    this.#current = this.#next;
    this.#next = undefined;
    if (this.#isDoubtful) emptyLog(this.#file);
    this.#isDoubtful = false;
    this.#log ??= openLog(`${this.#file}-wal`);
    await this.#force(this.#log).catch((error: unknown) => {
      this.#isDoubtful = true;
      throw error;
    });
  }

  /** Waits for what is being synced. */
  async close(): Promise<void> {
    await Promise.allSettled([this.#current, this.#next]);
    if (this.#log !== undefined) closeSync(this.#log);
    this.#log = undefined;
  }
}

/** The log, and its name in the folder, which is on disk only when the folder is. */
function openLog(file: string): number {
  const log = openSync(file, 'r+');
  const folder = openSync(dirname(file), 'r');
  fsyncSync(folder);
  closeSync(folder);
  return log;
}

/**
 * Moves all of the log into the database file and begins it anew. Pages that could not be written once count as written for
 * the system, and the next sync would succeed without them; what follows a lost page of the log is lost with it.
 * @throws Error when it cannot be done now: nothing may be answered then.
 */
function emptyLog(file: string): void {
  const database = new DatabaseSync(file, { timeout: WAIT_FOR_READERS_MS });
  try {
    const { busy } = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() ?? {};
    if (busy !== 0) throw new Error('The log, which could not be synced, cannot be moved into the database file just now.');
  } finally {
    database.close();
  }
}

/** Moves what stands in the log into the database file, on a thread with a connection of its own: it holds up neither readers nor the writer. */
export class LogMover {
  readonly #file: string;
  #thread: Worker | undefined;
  #isMoving = false;

  /** @param file the database file. */
  constructor(file: string) {
    this.#file = file;
  }

  /** Starts moving, unless it is under way, or no thread is to be had just now: the log can wait. */
  move(): void {
    if (this.#isMoving) return;
    try {
      this.#thread ??= this.#start();
    } catch {
      return;
    }
    this.#isMoving = true;
    this.#thread.postMessage('move');
  }

  #start(): Worker {
    const thread = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), {
      workerData: this.#file,
      resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 },
    });
    thread.unref();
    thread.on('message', () => {
      this.#isMoving = false;
    });
    // Until the next one is started, SQLite does the work itself, when the log has grown to its bound.
    thread.on('error', () => undefined);
    thread.on('exit', () => {
      this.#thread = undefined;
      this.#isMoving = false;
    });
    return thread;
  }

  async close(): Promise<void> {
    await this.#thread?.terminate();
  }
}
