/**
 * Who may read a database file: it holds health data, and the keys that tokens are signed with. SQLite gives the log and
 * the index beside it the permissions of the file.
 *
 * Spec: https://sqlite.org/wal.html
 */
import { accessSync, chmodSync, closeSync, constants, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { IN_MEMORY } from './write-ahead-log.ts';

const FOLDER = 0o700;
const OWNER_ONLY = 0o600;
const ALL_OTHERS = 0o007;

/**
 * Makes the file, and its folder, for their owner alone. From a file that is there all others are shut out; the group
 * stays as the operator has it, and so does the folder.
 * @throws Error of the file system when it cannot be made, or not be read and written.
 */
export function keepPrivate(file: string): void {
  if (file === IN_MEMORY) return;
  mkdirSync(dirname(file), { recursive: true, mode: FOLDER });
  try {
    // One that is there is not opened: closing it would let go of the locks that this process has on it.
    closeSync(openSync(file, 'wx', OWNER_ONLY));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    // SQLite would open one that cannot be written, and refuse every write.
    accessSync(file, constants.R_OK | constants.W_OK);
    for (const suffix of ['', '-wal', '-shm']) shutOut(`${file}${suffix}`);
  }
}

function shutOut(file: string): void {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & ALL_OTHERS) === 0) return;
  try {
    chmodSync(file, mode & ~ALL_OTHERS & 0o7777);
  } catch (error) {
    // It belongs to somebody else, who decides, or has just been taken away.
    if (!['EPERM', 'EROFS', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
