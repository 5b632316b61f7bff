/** Writing versions and their index rows, inside the transaction that is open. */
import type { ResourceWrite } from '../resource-store.ts';
import { type EntryRow, entryRows } from '../sql/entry-rows.ts';
import { resourceKeyOf } from '../sql/keys.ts';
import { outdatedWrite } from '../sql/plan.ts';
import type { Connection } from './connection.ts';

/** The place of the version that is written next: versions are never removed. */
const NEXT_SEQ = '(SELECT coalesce(max(seq), 0) + 1 FROM version)';
const CREATE = `INSERT INTO resource (key, type, id, version_id, updated, deleted, seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ${NEXT_SEQ}) ON CONFLICT (key) DO NOTHING RETURNING rid, seq`;
const UPDATE = `UPDATE resource SET version_id = ?4, updated = ?5, deleted = ?6, seq = ${NEXT_SEQ} WHERE key = ?1 AND type = ?2 AND id = ?3 AND version_id = ?4 - 1 RETURNING rid, seq`;
const ADD_VERSION = `INSERT INTO version (seq, rid, version_id, type, id, updated, method, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
const ENTRIES_OF = `SELECT param, n, part, hash, sys, target, low, high, text, value, label FROM entry WHERE rid = ?`;
const REMOVE_ENTRY = `DELETE FROM entry WHERE rid = ? AND param = ? AND n = ?`;
const ADD_ENTRY = `INSERT INTO entry (rid, param, n, part, hash, sys, target, low, high, text, value, label) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/**
 * Writes all of a plan.
 * @throws Error when a write does not follow the current version.
 */
export function writeAll(connection: Connection, writes: readonly ResourceWrite[]): void {
  for (const write of writes) {
    const key = resourceKeyOf(write.type, write.id);
    const statement = connection.prepare(write.versionId === 1 ? CREATE : UPDATE);
    const deleted = write.json === null ? 1 : 0;
    const stored = statement.get(key, write.type, write.id, write.versionId, write.lastUpdatedMs, deleted);
    if (stored === undefined) throw outdatedWrite(write);
    const rid = Number(stored.rid);
    connection
      .prepare(ADD_VERSION)
      .run(Number(stored.seq), rid, write.versionId, write.type, write.id, write.lastUpdatedMs, write.method, write.json);
    replaceEntries(connection, rid, write.versionId > 1, entryRows(write.type, write.index));
  }
}

/** Changes only the index rows that differ: an update that moves one status touches one row. */
export function replaceEntries(connection: Connection, rid: number, mayExist: boolean, rows: readonly EntryRow[]): void {
  const wanted = new Map(rows.map((row) => [contentOf(row), row]));
  let next = 0;
  if (mayExist) {
    const kept = connection.prepare(ENTRIES_OF);
    kept.setReadBigInts(true);
    for (const row of kept.all(rid) as unknown as readonly StoredEntry[]) {
      next = Math.max(next, Number(row.n) + 1);
      if (!wanted.delete(contentOf(row))) connection.prepare(REMOVE_ENTRY).run(rid, row.param, row.n);
    }
  }
  const add = connection.prepare(ADD_ENTRY);
  for (const row of wanted.values()) {
    const { param, part, hash, sys, target, low, high, text, value, label } = row;
    add.run(rid, param, next++, part, hash, sys, target, low, high, text, value, label);
  }
}

type StoredEntry = { readonly [Column in keyof EntryRow]: EntryRow[Column] extends string | null ? EntryRow[Column] : bigint | number };

/** Rows with the same content are the same row, whatever their number. */
function contentOf(row: StoredEntry | EntryRow): string {
  const { param, part, hash, sys, target, low, high, text, value, label } = row;
  return `${param} ${part} ${hash} ${sys} ${target} ${low} ${high} ${JSON.stringify([text, value, label])}`;
}
