/**
 * What SQLite would do on the main thread, done beside it: fsync of the write-ahead log after a commit, and moving what
 * stands in the log into the database file.
 *
 * With `synchronous = NORMAL` a commit is written to the log but not synced; the store answers when `sync` has done
 * that, so that durability is that of `FULL`. SQLite itself syncs the log before it moves anything out of it.
 *
 * Spec: https://sqlite.org/wal.html#performance_considerations · https://sqlite.org/pragma.html#pragma_wal_checkpoint
 */
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** SQLite's name for a database without a file, and so without a log. */
const IN_MEMORY = ':memory:';
/** Commits after which the log is looked through. A store that writes little never starts the worker: SQLite's own bound does. */
const COMMITS_BETWEEN = 100;

export class WriteAheadLog {
  readonly #file: string;
  #log: Promise<FileHandle> | undefined;
  #mover: Worker | undefined;
  #moving = false;
  #commits = 0;

  /** @param file the database file. */
  constructor(file: string) {
    this.#file = file;
  }

  /** Resolves when everything committed before the call is on disk. @throws Error when it cannot be known to be. */
  async sync(): Promise<void> {
    if (this.#file === IN_MEMORY) return;
    this.#log ??= openLog(`${this.#file}-wal`);
    await (await this.#log).datasync();
    this.#commits += 1;
    if (this.#commits >= COMMITS_BETWEEN && !this.#moving) this.#move();
  }

  /** A worker with a connection of its own: it does not hold up readers or the writer. */
  #move(): void {
    this.#commits = 0;
    this.#moving = true;
    this.#mover ??= this.#startMover();
    this.#mover.postMessage('move');
  }

  #startMover(): Worker {
    const mover = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), { workerData: this.#file });
    mover.unref();
    mover.on('message', () => {
      this.#moving = false;
    });
    // Without it SQLite does the work itself, when the log has grown to its bound.
    mover.on('error', () => undefined);
    return mover;
  }

  async close(): Promise<void> {
    await this.#mover?.terminate();
    await (await this.#log)?.close();
  }
}

/** The log, and its name in the folder, which is on disk only when the folder is. */
async function openLog(file: string): Promise<FileHandle> {
  const log = await open(file, 'r+');
  const folder = await open(dirname(file), 'r');
  await folder.sync();
  await folder.close();
  return log;
}
