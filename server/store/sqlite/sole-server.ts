/**
 * One process serves a folder of SQLite files, and no second one beside it: it keeps in memory who reaches whom, and takes
 * journals of the access log that it finds there for what a process before it has left behind. The lock is the
 * operating system's, so that it goes with the process, however that ends.
 *
 * Spec: https://sqlite.org/lang_transaction.html#deferred_immediate_and_exclusive_transactions
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { keepPrivate } from './private-file.ts';

const FILE = 'serving.lock';
const SQLITE_BUSY = 5;
/** A connection that nobody holds is collected, and its lock with it. */
const held = new Set<DatabaseSync>();

/**
 * Keeps the folder for this process, until what it gives is called.
 * @throws Error when another process, or another part of this one, has it.
 */
export function serveAlone(folder: string): () => void {
  const file = join(folder, FILE);
  keepPrivate(file);
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    throw new Error(`${folder} is served by another process already; several processes share a PostgreSQL database (DATABASE_URL)`);
  }
  held.add(lock);
  return () => {
    held.delete(lock);
    lock.close();
  };
}
