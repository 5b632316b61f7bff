/**
 * What a disk has made of the SQLite file: every page is read, and every index held against its table.
 *
 * Spec: https://sqlite.org/pragma.html#pragma_integrity_check
 */
import { DatabaseSync } from 'node:sqlite';

const FOUND_AT_MOST = 20;
const HEADING = /^\*\*\*/;

/**
 * What is damaged, in SQLite's words; nothing where the file is whole. It may be in use, and is not changed.
 * @throws Error when it cannot be opened, or is no database.
 */
export function damageOf(file: string): readonly string[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = database.prepare(`PRAGMA integrity_check(${FOUND_AT_MOST})`).all();
    const lines = rows.flatMap(({ integrity_check: found }) => String(found).split('\n'));
    return lines.filter((line) => line !== 'ok' && !HEADING.test(line));
  } finally {
    database.close();
  }
}
