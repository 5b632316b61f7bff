/**
 * A page whose resources come as one text, framed as the entries of a Bundle: what is only sent on needs not be turned into
 * a string for each resource and back into bytes. Half of what a page of a hundred costs is that.
 */
import type { CursorPosition, SortKey } from '../../search/query.ts';
import { ENTRY_FRAME } from '../../search/searchset.ts';
import type { SearchMatch, StoredVersion } from '../resource-store.ts';
import { IS_LARGE, LARGE_BYTES } from './bounded-texts.ts';
import type { SqlWriter } from './dialect.ts';
import { numberIn, type Row, textOf } from './steps.ts';

/** Ids, types and methods hold no spaces. */
const FIELDS = "v.type || ' ' || v.id || ' ' || v.version_id || ' ' || v.updated || ' ' || v.method";

/** True when the sort values survive being written as JSON: texts and whole numbers do, to the last digit. */
export function mayBeJoined(sort: readonly SortKey[]): boolean {
  return sort.every((key) => key.by !== 'param' || (key.kind !== 'range' && key.kind !== 'quantity'));
}

/** The columns that join the versions `v` of a page, whose sort values are columns `s0` … of `p`, into one row. */
export function joinedColumns(sql: SqlWriter, baseUrl: string, sort: readonly SortKey[]): string {
  const [open, afterUrl, close] = ENTRY_FRAME.map((part) => sql.bind(part));
  const entry = `${open} || ${sql.bind(baseUrl)} || '/' || v.type || '/' || v.id || ${afterUrl} || (CASE WHEN ${IS_LARGE} THEN '' ELSE v.json END) || ${close}`;
  const fields = `group_concat(${FIELDS} || ' ' || octet_length(v.json), ';') AS fields`;
  const values =
    sort.length === 0 ? '' : `, json_group_array(json_array(${sort.map((_, place) => `p.s${place}`).join(', ')})) AS positions`;
  return `CAST(group_concat(${entry}) AS BLOB) AS entries, ${fields}${values}`;
}

/** What a row of joinedColumns holds; the texts of single matches are read when they are asked for. Where `hasLarge`, some are not in it. */
export function readJoined(row: Row, baseUrl: string): { entries: Uint8Array; matches: JoinedMatch[]; hasLarge: boolean } {
  const { entries, fields, positions } = row as unknown as { entries: Uint8Array | null; fields: string | null; positions?: string };
  if (entries === null || fields === null) return { entries: new Uint8Array(), matches: [], hasLarge: false };
  const values = positions === undefined ? undefined : (JSON.parse(positions) as CursorPosition['values'][]);
  const bytes = Buffer.from(entries.buffer, entries.byteOffset, entries.byteLength);
  const urlStart = ENTRY_FRAME[0].length + Buffer.byteLength(baseUrl) + 2;
  let end = -1;
  let hasLarge = false;
  const matches = fields.split(';').map((text, n) => {
    const [type, id, versionId, updated, method, length] = text.split(' ') as [string, string, string, string, string, string];
    const start = end + 1 + urlStart + type.length + id.length + ENTRY_FRAME[1].length;
    end = start + Number(length) + ENTRY_FRAME[2].length;
    hasLarge ||= Number(length) > LARGE_BYTES;
    const position = { values: values?.[n] ?? [], type, id };
    return new JoinedMatch(position, Number(versionId), Number(updated), method as StoredVersion['method'], bytes, start, end);
  });
  return { entries, matches, hasLarge };
}

/** The same put together here, of rows that give their text as bytes. */
export function joinRows(
  rows: readonly Row[],
  baseUrl: string,
  sort: readonly SortKey[],
): { entries: Uint8Array[]; matches: JoinedMatch[] } {
  if (rows.length === 0) return { entries: [], matches: [] };
  const texts = rows.map((row) => row.json as unknown as Uint8Array);
  const heads = rows.map(({ type, id }) => Buffer.from(`${ENTRY_FRAME[0]}${baseUrl}/${type}/${id}${ENTRY_FRAME[1]}`));
  const tail = Buffer.from(`${ENTRY_FRAME[2]},`);
  const size = rows.reduce((sum, _, n) => sum + (heads[n]?.length ?? 0) + (texts[n]?.length ?? 0) + tail.length, 0);
  // Memory of its own: who sends it gives it back.
  const bytes = Buffer.allocUnsafeSlow(size);
  let at = 0;
  const add = (part: Uint8Array): void => {
    bytes.set(part, at);
    at += part.length;
  };
  const matches = rows.map((row, n) => {
    add(heads[n] as Buffer);
    const start = at;
    add(texts[n] as Uint8Array);
    add(tail);
    const position = { values: sort.map((_, place) => row[`s${place}`] ?? null), type: textOf(row, 'type'), id: textOf(row, 'id') };
    const method = textOf(row, 'method') as StoredVersion['method'];
    return new JoinedMatch(position, numberIn(row, 'version_id'), numberIn(row, 'updated'), method, bytes, start, at - 1);
  });
  // The rows lie in memory of their own, which is needed no more.
  const { buffer } = texts[0] as Uint8Array;
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
  return { entries: [bytes.subarray(0, size - 1)], matches };
}

/** A match in a joined text. Its JSON is made when it is asked for, and belongs to the class: a copy by `...` has none. */
export class JoinedMatch implements SearchMatch {
  readonly type: string;
  readonly id: string;
  readonly versionId: number;
  readonly lastUpdatedMs: number;
  readonly method: StoredVersion['method'];
  readonly position: CursorPosition;
  /** Where its entry ends in the text. */
  readonly end: number;
  readonly #bytes: Buffer;
  readonly #start: number;

  constructor(
    position: CursorPosition,
    versionId: number,
    lastUpdatedMs: number,
    method: StoredVersion['method'],
    bytes: Buffer,
    start: number,
    end: number,
  ) {
    this.type = position.type;
    this.id = position.id;
    this.versionId = versionId;
    this.lastUpdatedMs = lastUpdatedMs;
    this.method = method;
    this.position = position;
    this.end = end;
    this.#bytes = bytes;
    this.#start = start;
  }

  get json(): string {
    return this.#bytes.toString('utf8', this.#start, this.end - ENTRY_FRAME[2].length);
  }

  get ascii(): string {
    return this.#bytes.toString('latin1', this.#start, this.end - ENTRY_FRAME[2].length);
  }
}
