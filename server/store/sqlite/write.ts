/** Writing versions and their index rows, inside the transaction that is open. */
import type { StatementSync } from 'node:sqlite';
import { type EntryRow, entryRows } from '../sql/entry-rows.ts';
import { resourceKeyOf } from '../sql/keys.ts';
import { outdatedWrite } from '../sql/plan.ts';
import type { Connection } from './connection.ts';
import { type Entries, entriesOf, entryText } from './entry-text.ts';
import { LatelyKept } from './lately-kept.ts';
import { ResourceNumbers } from './numbers.ts';
import type { PieceWrite } from './piece.ts';

/** Versions are numbered in the order of writing, and never removed. */
const LAST_SEQ = 'SELECT max(seq) AS seq FROM version';
/** One that was only pointed at so far has its number already. */
const CREATE = `INSERT INTO resource (key, type, id, version_id, updated, deleted, seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (key) DO UPDATE SET version_id = excluded.version_id, updated = excluded.updated, deleted = excluded.deleted, seq = excluded.seq WHERE version_id = 0 AND type = excluded.type AND id = excluded.id RETURNING rid`;
const UPDATE = `UPDATE resource SET version_id = ?4, updated = ?5, deleted = ?6, seq = ?7 WHERE key = ?1 AND type = ?2 AND id = ?3 AND version_id = ?4 - 1 RETURNING rid`;
const ADD_VERSION = `INSERT INTO version (seq, rid, version_id, type, id, updated, method, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
const ENTRIES_OF = `SELECT param, n, part, hash, sys, target, low, high, text, value, label FROM entry WHERE rid = ? ORDER BY param, n`;
const REMOVE_ENTRY = `DELETE FROM entry WHERE rid = ? AND param = ? AND n = ?`;
/** Most entries are references or codes: what they leave empty is not bound. */
const ADD_REFERENCE = `INSERT INTO entry (rid, param, n, part, target, value, label) VALUES (?, ?, ?, ?, ?, ?, ?)`;
const ADD_CODE = `INSERT INTO entry (rid, param, n, part, hash, sys, value, label) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
const ADD_ENTRY = `INSERT INTO entry (rid, param, n, part, hash, sys, low, high, text, value, label) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** An index row that says whether it points at a resource here. Which, its label and value tell, as type and id. */
type Row = EntryRow<true>;

/** The same as it is stored, its columns in the order of ENTRIES_OF. */
type StoredRow = readonly [
  param: bigint,
  n: bigint,
  part: bigint | null,
  hash: bigint | null,
  sys: bigint | null,
  target: bigint | null,
  low: number | null,
  high: number | null,
  text: string | null,
  value: string | null,
  label: string | null,
];

/** Characters of index entries. What has been changed is likely to be changed again, most often in what nobody searches for. */
const ENTRIES_KEPT = { count: 5_000, weight: 1_000_000, weightOf: (text: string) => text.length };

/** Writes through one connection, whose statements it keeps. */
export class ResourceWriter {
  readonly #numbers: ResourceNumbers;
  /** By number of the resource: the index entries, as text, whose rows are in the database. */
  readonly #written = new LatelyKept<number, string>(ENTRIES_KEPT);
  /** The number of the next version, where it is known. */
  #nextSeq: number | undefined;
  readonly #lastSeq: StatementSync;
  readonly #create: StatementSync;
  readonly #update: StatementSync;
  readonly #addVersion: StatementSync;
  readonly #entriesOf: StatementSync;
  readonly #removeEntry: StatementSync;
  readonly #addReference: StatementSync;
  readonly #addCode: StatementSync;
  readonly #addEntry: StatementSync;

  constructor(connection: Connection) {
    this.#numbers = new ResourceNumbers(connection);
    this.#lastSeq = connection.prepare(LAST_SEQ);
    this.#create = connection.prepare(CREATE);
    this.#update = connection.prepare(UPDATE);
    this.#addVersion = connection.prepare(ADD_VERSION);
    this.#entriesOf = connection.prepare(ENTRIES_OF);
    this.#entriesOf.setReadBigInts(true);
    this.#entriesOf.setReturnArrays(true);
    this.#removeEntry = connection.prepare(REMOVE_ENTRY);
    this.#addReference = connection.prepare(ADD_REFERENCE);
    this.#addCode = connection.prepare(ADD_CODE);
    this.#addEntry = connection.prepare(ADD_ENTRY);
  }

  /** To be called when a transaction or part of it was taken back. */
  takenBack(): void {
    this.#numbers.forget();
    this.writtenByOthers();
  }

  /** To be called when another connection has written. Numbers of resources stay. */
  writtenByOthers(): void {
    this.#written.clear();
    this.#nextSeq = undefined;
  }

  /**
   * Writes all of a plan.
   * @throws Error when a write does not follow the current version.
   */
  writeAll(writes: readonly PieceWrite[]): void {
    if (writes.length === 0) return;
    const firstSeq = this.#nextSeq ?? Number(this.#lastSeq.get()?.seq ?? 0) + 1;
    this.#nextSeq = firstSeq + writes.length;
    // All get their numbers first, in their order, so that those that point at later ones do not give them theirs.
    const rids = writes.map((write, place) => this.#writeCurrent(write, firstSeq + place));
    for (const [place, write] of writes.entries()) {
      const { type, id, versionId, lastUpdatedMs, method, json, index } = write;
      const rid = rids[place] as number;
      this.#addVersion.run(firstSeq + place, rid, versionId, type, id, lastUpdatedMs, method, json);
      if (versionId > 1) this.replaceEntries(rid, type, index);
      else this.#addEntries(rid, 0, rowsOf(type, index));
    }
  }

  /** Says which version is the current one. @returns the resource's number. */
  #writeCurrent(write: PieceWrite, seq: number): number {
    const { type, id, versionId, lastUpdatedMs, json } = write;
    const statement = versionId === 1 ? this.#create : this.#update;
    const key = resourceKeyOf(type, id);
    const stored = statement.get(key, type, id, versionId, lastUpdatedMs, json === null ? 1 : 0, seq);
    if (stored === undefined) throw outdatedWrite(write);
    const rid = Number(stored.rid);
    if (versionId === 1) this.#numbers.remember(key, rid);
    return rid;
  }

  /** Changes only the index rows that differ: an update that moves one status touches one row. */
  replaceEntries(rid: number, type: string, index: Entries): void {
    const text = entryText(index);
    // To read what is there would cost as much as to write the version.
    if (this.#written.get(rid) === text) return;
    this.#replaceRows(rid, rowsOf(type, index));
    this.#written.set(rid, text);
  }

  #replaceRows(rid: number, rows: readonly Row[]): void {
    const stored = this.#entriesOf.all(rid) as unknown as readonly StoredRow[];
    if (areSame(stored, rows)) return;
    const wanted = new Map(rows.map((row) => [contentOf(row), row]));
    let next = 0;
    for (const row of stored) {
      const [param, n] = row;
      next = Math.max(next, Number(n) + 1);
      if (!wanted.delete(contentOf(asRow(row)))) this.#removeEntry.run(rid, param, n);
    }
    this.#addEntries(rid, next, wanted.values());
  }

  #addEntries(rid: number, first: number, rows: Iterable<Row>): void {
    let n = first;
    for (const { param, part, hash, sys, target, low, high, text, value, label } of rows) {
      if (target !== null) this.#addReference.run(rid, param, n, part, this.#numbers.of(label as string, value as string), value, label);
      else if (text === null && low === null) this.#addCode.run(rid, param, n, part, hash, sys, value, label);
      else this.#addEntry.run(rid, param, n, part, hash, sys, low, high, text, value, label);
      n += 1;
    }
  }
}

/** Rows that are only compared need no numbers of what they point at: those are looked for when a row is written. */
function rowsOf(type: string, index: Entries): readonly Row[] {
  return entryRows(type, entriesOf(index), () => true);
}

/** True when nothing that is searched for has changed, as in most updates; row by row, in the order in which they were written. */
function areSame(stored: readonly StoredRow[], rows: readonly Row[]): boolean {
  if (stored.length !== rows.length) return false;
  const inOrder = rows.toSorted((a, b) => a.param - b.param);
  return stored.every((row, place) => isSame(asRow(row), inOrder[place] as Row));
}

function isSame(a: Row, b: Row): boolean {
  const isSameThing = a.param === b.param && a.hash === b.hash && a.target === b.target && a.sys === b.sys && a.part === b.part;
  return isSameThing && a.low === b.low && a.high === b.high && a.text === b.text && a.value === b.value && a.label === b.label;
}

function asRow([param, n, part, hash, sys, target, low, high, text, value, label]: StoredRow): Row {
  const number = (integer: bigint | null): number | null => (integer === null ? null : Number(integer));
  return {
    param: Number(param),
    n: Number(n),
    part: number(part),
    hash,
    sys,
    target: target === null ? null : true,
    low,
    high,
    text,
    value,
    label,
  };
}

/** Rows with the same content are the same row, whatever their number. No text holds a NUL. */
function contentOf({ param, part, hash, sys, target, low, high, text, value, label }: Row): string {
  return `${param}\0${part}\0${hash}\0${sys}\0${target}\0${low}\0${high}\0${quoted(text)}\0${quoted(value)}\0${quoted(label)}`;
}

/** Tells a text from none. */
function quoted(text: string | null): string {
  return text === null ? '' : `"${text}`;
}
