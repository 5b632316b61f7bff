/**
 * Rows as they come from the database: every column as text, to be read by its type.
 *
 * Spec: https://www.postgresql.org/docs/18/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-DATAROW
 */
import pg from 'pg';
import type { Row } from '../sql/steps.ts';
import { parserOf } from './connection.ts';
import { HEAD } from './messages.ts';

export interface Column {
  readonly name: string;
  /** Gives what stands from `start` to `end`. */
  readonly read: (bytes: Buffer, start: number, end: number) => string | number;
}

const INT16 = 2;
const INT32 = 4;
/** Of a column's description, after its name: table, place in it, type, size of the type, its modifier, format. */
const AFTER_NAME = { type: INT32 + INT16, size: 3 * INT32 + 3 * INT16 };

/** The columns that a message describes. */
export function columnsOf(message: Buffer): readonly Column[] {
  const columns: Column[] = [];
  let at = HEAD + INT16;
  for (let count = message.readInt16BE(HEAD); count > 0; count -= 1) {
    const nameEnd = message.indexOf(0, at);
    const name = message.toString('utf8', at, nameEnd);
    columns.push({ name, read: readerOf(message.readUInt32BE(nameEnd + 1 + AFTER_NAME.type)) });
    at = nameEnd + 1 + AFTER_NAME.size;
  }
  return columns;
}

const { INT2, INT4, INT8, TEXT } = pg.types.builtins;
const WHOLE: ReadonlySet<number> = new Set([INT2, INT4, INT8]);

function readerOf(type: number): Column['read'] {
  if (type === TEXT) return (bytes, start, end) => bytes.toString('utf8', start, end);
  if (WHOLE.has(type)) return wholeNumber;
  const parse = parserOf(type);
  return (bytes, start, end) => parse(bytes.toString('utf8', start, end));
}

const [MINUS, ZERO] = [0x2d, 0x30];

/** Of sequence numbers and times, which stay below 2^53; hashes are never read. */
function wholeNumber(bytes: Buffer, start: number, end: number): number {
  const isNegative = bytes[start] === MINUS;
  let value = 0;
  for (let at = isNegative ? start + 1 : start; at < end; at += 1) value = value * 10 + ((bytes[at] as number) - ZERO);
  return isNegative ? -value : value;
}

/** The row in a message. @param kept takes what one column holds as it comes (see Statement.asBytes). */
export function rowOf(message: Buffer, columns: readonly Column[], kept: KeptBytes | undefined): Row {
  const row: Record<string, string | number | null> = {};
  let at = HEAD + INT16;
  for (const { name, read } of columns) {
    const length = message.readInt32BE(at);
    at += INT32;
    if (length < 0) row[name] = null;
    else if (kept?.column === name) kept.add(message, at, at + length);
    else row[name] = read(message, at, at + length);
    if (length > 0) at += length;
  }
  return row;
}

const KEPT_AT_FIRST_BYTES = 65_536;

/** What a column holds in all rows of an answer, none of it null, in one piece of memory. */
export class KeptBytes {
  readonly column: string;
  #bytes = Buffer.allocUnsafeSlow(KEPT_AT_FIRST_BYTES);
  #at = 0;
  readonly #ends: number[] = [];

  constructor(column: string) {
    this.column = column;
  }

  add(from: Buffer, start: number, end: number): void {
    const size = this.#at + end - start;
    if (size > this.#bytes.length) this.#bytes = Buffer.from(this.#bytes.buffer.transfer(Math.max(size, 2 * this.#bytes.length)));
    this.#at += from.copy(this.#bytes, this.#at, start, end);
    this.#ends.push(this.#at);
  }

  /** Puts the bytes into the rows of the answer. */
  giveTo(rows: readonly Row[]): void {
    let start = 0;
    for (const [place, end] of this.#ends.entries()) {
      Object.assign(rows[place] as Row, { [this.column]: this.#bytes.subarray(start, end) });
      start = end;
    }
  }
}
