/**
 * A journal in files of this machine: rows are appended, and made durable by threads of their own, so that a disk that
 * takes its time does not hold up the process. For one process on one machine, as SQLite is.
 *
 * Spec: https://pubs.opengroup.org/onlinepubs/9799919799/functions/fdatasync.html
 */
import { randomUUID } from 'node:crypto';
import { closeSync, fdatasync, mkdirSync, openSync, writeSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unavailable } from '../fhir/errors.ts';
import type { AccessRecord } from './access-record.ts';
import type { JournalPort, JournalRows } from './journal.ts';

const SUFFIX = '.jsonl';
const sync = promisify(fdatasync);

/** The journal in the files of a folder, which is made when missing. */
export function journalInFiles(folder: string): JournalPort {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const own = new Set<string>();
  return {
    open: () => openFile(folder, own),
    async leftBehind() {
      const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX) && !own.has(name));
      const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
      return { records: texts.flatMap(rowsOf), remove: () => removeAll(folder, names) };
    },
  };
}

/** A batch is a file, made with its first row. */
function openFile(folder: string, own: Set<string>): JournalRows {
  const name = `${randomUUID()}${SUFFIX}`;
  let file: number | undefined;
  own.add(name);
  return {
    async add(row) {
      try {
        file ??= openSync(join(folder, name), 'ax', 0o600);
        writeSync(file, `${JSON.stringify(row)}\n`);
        await sync(file);
      } catch (error) {
        throw Object.assign(unavailable('The access log cannot be written; nothing is shown without it.'), { cause: error });
      }
    },
    async remove() {
      if (file !== undefined) {
        closeSync(file);
        await removeAll(folder, [name]);
      }
      own.delete(name);
    },
  };
}

async function removeAll(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(folder, name), { force: true });
}

/** The rows of a file. A last line that is cut off was never answered for. */
function rowsOf(text: string): readonly AccessRecord[] {
  return text
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => JSON.parse(line) as AccessRecord[]);
}
