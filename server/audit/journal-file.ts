/**
 * A journal in files of this machine, for one process with one SQLite database. A row has left the process when it
 * is added: it outlives the process, however that ends. It is forced onto the disk within a moment, by a thread
 * of its own: waiting for the disk at every read costs a third of the throughput, and would save, when the power fails,
 * the lines of the last few hundredths of a second. What is told of writes is in their own commit, and as durable as they are.
 *
 * Spec: https://pubs.opengroup.org/onlinepubs/9799919799/functions/fdatasync.html
 */
import { randomUUID } from 'node:crypto';
import { accessSync, closeSync, constants, fdatasync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { unavailable } from '../fhir/errors.ts';
import type { AccessRecord } from './access-record.ts';
import { BROKEN_FILE, brokenFiles } from './damaged.ts';
import type { JournalPort, JournalRows, NotedRecord } from './journal.ts';
import { contentOf, JournalLines, recordsOf } from './journal-lines.ts';

const SUFFIX = '.jsonl';
/** How long a row may be on its way to the disk before that is forced. */
const FORCE_AFTER_MS = 50;
const force = promisify(fdatasync);

export interface JournalFileContent {
  /** No other file has the same, ever. */
  readonly name: string;
  readonly records: readonly AccessRecord[];
}

/** Where the files are, in the folder of the SQLite database. */
export function journalFolder(dataFolder: string): string {
  return join(dataFolder, 'access-log');
}

/** What stands in the files of the folder, whoever writes there; nothing where there is none. @throws Error for a file that cannot be read. */
export async function readJournalFiles(folder: string): Promise<readonly JournalFileContent[]> {
  const names = (await readdir(folder).catch(missing<string[]>([]))).filter((name) => name.endsWith(SUFFIX));
  return Promise.all(
    names.map(async (name) => ({
      name: name.slice(0, -SUFFIX.length),
      records: recordsOf(await readFile(join(folder, name), 'utf8').catch(missing(''))),
    })),
  );
}

/** Gives `otherwise` for what is not there, or not any more. */
function missing<Otherwise>(otherwise: Otherwise): (error: NodeJS.ErrnoException) => Otherwise {
  return (error) => {
    if (error.code === 'ENOENT') return otherwise;
    throw error;
  };
}

/**
 * The journal in the files of a folder, which is made when missing; rows that belong into commits are in `table`.
 * @throws Error of the file system when the folder cannot be made, or not be read and written.
 */
export function journalInFiles(folder: string, table: JournalPort): JournalPort {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Found out later, every read would be refused.
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  const own = new Set<string>();
  return {
    open() {
      const name = `${randomUUID()}${SUFFIX}`;
      own.add(name);
      return new JournalFile(join(folder, name), () => own.delete(name));
    },
    openForCommits: () => table.openForCommits(),
    async leftBehind() {
      const commits = await table.leftBehind();
      const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX) && !own.has(name));
      const files = await Promise.all(names.map(async (name) => ({ name, ...contentOf(await readFile(join(folder, name), 'utf8')) })));
      const broken = files.filter(({ isWhole }) => !isWhole);
      // Nothing in them is to be told first.
      const empty = broken.filter(({ records }) => records.length === 0);
      for (const { name } of empty) await rename(join(folder, name), setAside(folder, name));
      return {
        records: [...commits.records, ...files.flatMap(({ records }) => records)],
        unreadable: [...(commits.unreadable ?? []), ...broken.map(({ name }) => setAside(folder, name))],
        remove: async () => {
          await commits.remove();
          for (const file of files) {
            const path = join(folder, file.name);
            if (file.isWhole) await rm(path, { force: true });
            else if (!empty.includes(file)) await rename(path, setAside(folder, file.name));
          }
        },
      };
    },
    setAside: async () => [...(await table.setAside()), ...(await brokenFiles(folder))],
  };
}

/** Where a file is kept of which only a part could be read. */
function setAside(folder: string, name: string): string {
  return join(folder, `${name}${BROKEN_FILE}`);
}

/** One batch; the file is made with its first row. */
class JournalFile implements JournalRows {
  readonly #path: string;
  readonly #given: () => void;
  readonly #lines = new JournalLines();
  readonly #removing = new AbortController();
  #file: number | undefined;
  /** Bytes in the file. */
  #length = 0;
  #forcing: Promise<void> | undefined;
  #isForced = true;
  #failure: unknown;

  /** @param given called when the file is not this process's any more. */
  constructor(path: string, given: () => void) {
    this.#path = path;
    this.#given = given;
  }

  add(row: readonly NotedRecord[]): undefined {
    try {
      // A disk that failed once is not trusted with what comes after.
      if (this.#failure !== undefined) throw this.#failure;
      this.#file ??= openSync(this.#path, 'ax', 0o600);
      this.#append(this.#file, row);
    } catch (error) {
      throw Object.assign(unavailable('The access log cannot be written; nothing is shown without it.'), { cause: error });
    }
    this.#isForced = false;
    this.#forcing ??= this.#forceSoon(this.#file);
  }

  /** Whole or not at all: what follows half a line could not be read. */
  #append(file: number, row: readonly NotedRecord[]): void {
    const records = this.#lines.records;
    const text = this.#lines.of(row);
    const length = Buffer.byteLength(text);
    try {
      if (writeSync(file, text) !== length) throw new Error('the disk took a part of the row only');
      this.#length += length;
    } catch (error) {
      this.#lines.forgetFrom(records);
      this.#cut(file);
      throw error;
    }
  }

  /** Takes off what is not whole. */
  #cut(file: number): void {
    try {
      ftruncateSync(file, this.#length);
    } catch (error) {
      this.#failure = error;
    }
  }

  async #forceSoon(file: number): Promise<void> {
    while (!this.#isForced && this.#failure === undefined) {
      await setTimeout(FORCE_AFTER_MS, undefined, this.#removing).catch(() => undefined);
      if (this.#removing.signal.aborted) break;
      this.#isForced = true;
      await force(file).catch((error: unknown) => {
        this.#failure = error;
      });
    }
    this.#forcing = undefined;
  }

  async leave(): Promise<void> {
    await this.#forcing;
    if (this.#file !== undefined) closeSync(this.#file);
    this.#given();
  }

  /** What is taken away need not reach the disk. */
  async remove(): Promise<void> {
    this.#removing.abort();
    await this.#forcing;
    if (this.#file !== undefined) {
      closeSync(this.#file);
      await rm(this.#path, { force: true });
    }
    this.#given();
  }
}
