/** Writing versions and their index rows, inside the transaction that is open. */
import type { IndexEntry } from '../../search/index-entry.ts';
import type { ResourceWrite } from '../resource-store.ts';
import { type EntryRow, entryRows } from '../sql/entry-rows.ts';
import { resourceKeyOf } from '../sql/keys.ts';
import { outdatedWrite } from '../sql/plan.ts';
import type { Connection } from './connection.ts';
import type { ResourceNumbers } from './numbers.ts';

/** Versions are numbered in the order of writing, and never removed. */
const LAST_SEQ = 'SELECT max(seq) AS seq FROM version';
/** One that was only pointed at so far has its number already. */
const CREATE = `INSERT INTO resource (key, type, id, version_id, updated, deleted, seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (key) DO UPDATE SET version_id = excluded.version_id, updated = excluded.updated, deleted = excluded.deleted, seq = excluded.seq WHERE version_id = 0 AND type = excluded.type AND id = excluded.id RETURNING rid`;
const UPDATE = `UPDATE resource SET version_id = ?4, updated = ?5, deleted = ?6, seq = ?7 WHERE key = ?1 AND type = ?2 AND id = ?3 AND version_id = ?4 - 1 RETURNING rid`;
const ADD_VERSION = `INSERT INTO version (seq, rid, version_id, type, id, updated, method, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
const ENTRIES_OF = `SELECT param, n, part, hash, sys, target, low, high, text, value, label FROM entry WHERE rid = ?`;
const REMOVE_ENTRY = `DELETE FROM entry WHERE rid = ? AND param = ? AND n = ?`;
/** Most entries are references or codes: what they leave empty is not bound. */
const ADD_REFERENCE = `INSERT INTO entry (rid, param, n, part, target, value, label) VALUES (?, ?, ?, ?, ?, ?, ?)`;
const ADD_CODE = `INSERT INTO entry (rid, param, n, part, hash, sys, value, label) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
const ADD_ENTRY = `INSERT INTO entry (rid, param, n, part, hash, sys, low, high, text, value, label) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/**
 * Writes all of a plan.
 * @throws Error when a write does not follow the current version.
 */
export function writeAll(connection: Connection, numbers: ResourceNumbers, writes: readonly ResourceWrite[]): void {
  if (writes.length === 0) return;
  const firstSeq = Number(connection.prepare(LAST_SEQ).get()?.seq ?? 0) + 1;
  // All get their numbers first, in their order, so that those that point at later ones do not give them theirs.
  const rids = writes.map((write, place) => writeCurrent(connection, write, firstSeq + place));
  for (const [place, write] of writes.entries()) {
    const { type, id, versionId, lastUpdatedMs, method, json, index } = write;
    const rid = rids[place] as number;
    connection.prepare(ADD_VERSION).run(firstSeq + place, rid, versionId, type, id, lastUpdatedMs, method, json);
    if (versionId > 1) replaceEntries(connection, numbers, rid, type, index);
    else addEntries(connection, rid, 0, rowsOf(numbers, type, index));
  }
}

/** Says which version is the current one. @returns the resource's number. */
function writeCurrent(connection: Connection, write: ResourceWrite, seq: number): number {
  const { type, id, versionId, lastUpdatedMs, json } = write;
  const statement = connection.prepare(versionId === 1 ? CREATE : UPDATE);
  const stored = statement.get(resourceKeyOf(type, id), type, id, versionId, lastUpdatedMs, json === null ? 1 : 0, seq);
  if (stored === undefined) throw outdatedWrite(write);
  return Number(stored.rid);
}

/** Changes only the index rows that differ: an update that moves one status touches one row. */
export function replaceEntries(
  connection: Connection,
  numbers: ResourceNumbers,
  rid: number,
  type: string,
  index: readonly IndexEntry[],
): void {
  const wanted = new Map<string, Row>();
  for (const row of rowsOf(numbers, type, index)) wanted.set(contentOf(row), row);
  let next = 0;
  const kept = connection.prepare(ENTRIES_OF);
  kept.setReadBigInts(true);
  for (const row of kept.all(rid) as unknown as readonly StoredRow[]) {
    next = Math.max(next, Number(row.n) + 1);
    if (!wanted.delete(contentOf(row))) connection.prepare(REMOVE_ENTRY).run(rid, row.param, row.n);
  }
  addEntries(connection, rid, next, wanted.values());
}

function addEntries(connection: Connection, rid: number, first: number, rows: Iterable<Row>): void {
  let n = first;
  for (const { param, part, hash, sys, target, low, high, text, value, label } of rows) {
    if (target !== null) connection.prepare(ADD_REFERENCE).run(rid, param, n, part, target, value, label);
    else if (text === null && low === null) connection.prepare(ADD_CODE).run(rid, param, n, part, hash, sys, value, label);
    else connection.prepare(ADD_ENTRY).run(rid, param, n, part, hash, sys, low, high, text, value, label);
    n += 1;
  }
}

/** An index row, the target by its number. */
type Row = Omit<EntryRow, 'target'> & { readonly target: number | null };

type StoredRow = { readonly [Column in keyof Row]: Row[Column] extends string | null ? Row[Column] : bigint | number | null };

function rowsOf(numbers: ResourceNumbers, type: string, index: readonly IndexEntry[]): readonly Row[] {
  return entryRows(type, index, (targetType, targetId) => numbers.of(targetType, targetId));
}

/** Rows with the same content are the same row, whatever their number. No text holds a NUL. */
function contentOf({ param, part, hash, sys, target, low, high, text, value, label }: StoredRow | Row): string {
  return `${param}\0${part}\0${hash}\0${sys}\0${target}\0${low}\0${high}\0${quoted(text)}\0${quoted(value)}\0${quoted(label)}`;
}

/** Tells a text from none. */
function quoted(text: string | null): string {
  return text === null ? '' : `"${text}`;
}
