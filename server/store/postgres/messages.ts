/**
 * The messages that ask for prepared statements, written as one piece of memory: one for each message, as the driver
 * writes them, costs several times what they say.
 *
 * Spec: https://www.postgresql.org/docs/18/protocol-message-formats.html
 */

/** A statement to be carried out. */
export interface Asking {
  /** Under which it is prepared; ASCII. */
  readonly name: string;
  /** Its text when it is to be prepared first. */
  readonly toPrepare?: string;
  /** True when its columns are to be described. */
  readonly isDescribed: boolean;
  /** Its parameters as text. */
  readonly values: readonly (string | null)[];
}

/** A letter that says what the message is, and how long it is from there on. */
export const HEAD = 5;
const INT16 = 2;
const INT32 = 4;

/** Statements of these names are closed, the others carried out one after the other, then all are committed. */
export function messagesOf(closed: readonly string[], asked: readonly Asking[]): Buffer {
  const lengths = asked.map(({ values }) => values.map((value) => (value === null ? 0 : Buffer.byteLength(value))));
  const writer = new MessageWriter(sizeOf(closed, asked, lengths));
  for (const name of closed) writer.ofStatement('C', name);
  for (const [place, { name, toPrepare, isDescribed, values }] of asked.entries()) {
    if (toPrepare !== undefined) {
      // One that failed before it was answered may be there: to close what is not is no error, to parse what is would be.
      writer.ofStatement('C', name);
      writer.parse(name, toPrepare);
    }
    if (isDescribed) writer.ofStatement('D', name);
    writer.bind(name, values, lengths[place] as readonly number[]);
    writer.execute();
  }
  writer.sync();
  return writer.written();
}

const ofStatementSize = (name: string): number => HEAD + 1 + name.length + 1;
const parseSize = (name: string, text: string): number => HEAD + name.length + 1 + Buffer.byteLength(text) + 1 + INT16;
const bindSize = (name: string, count: number, bytes: number): number => HEAD + 1 + name.length + 1 + 3 * INT16 + count * INT32 + bytes;
const EXECUTE_SIZE = HEAD + 1 + INT32;

const sumOf = (lengths: readonly number[]): number => lengths.reduce((sum, length) => sum + length, 0);

/** @param lengths of the values of each, bytes. */
function sizeOf(closed: readonly string[], asked: readonly Asking[], lengths: readonly (readonly number[])[]): number {
  let size = HEAD;
  for (const name of closed) size += ofStatementSize(name);
  for (const [place, { name, toPrepare, isDescribed, values }] of asked.entries()) {
    if (toPrepare !== undefined) size += ofStatementSize(name) + parseSize(name, toPrepare);
    if (isDescribed) size += ofStatementSize(name);
    size += bindSize(name, values.length, sumOf(lengths[place] as readonly number[])) + EXECUTE_SIZE;
  }
  return size;
}

class MessageWriter {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafe(size);
  }

  ofStatement(letter: 'C' | 'D', name: string): void {
    this.#head(letter, ofStatementSize(name));
    this.#at += this.#bytes.write('S', this.#at, 'latin1');
    this.#ascii(name);
  }

  parse(name: string, text: string): void {
    this.#head('P', parseSize(name, text));
    this.#ascii(name);
    this.#at += this.#bytes.write(text, this.#at, 'utf8');
    this.#byte(0);
    this.#int16(0);
  }

  bind(name: string, values: readonly (string | null)[], lengths: readonly number[]): void {
    this.#head('B', bindSize(name, values.length, sumOf(lengths)));
    this.#byte(0);
    this.#ascii(name);
    // All parameters and all columns are text.
    this.#int16(0);
    this.#int16(values.length);
    for (let place = 0; place < values.length; place += 1) {
      const value = values[place] as string | null;
      this.#int32(value === null ? -1 : (lengths[place] as number));
      if (value !== null) this.#at += this.#bytes.write(value, this.#at, 'utf8');
    }
    this.#int16(0);
  }

  execute(): void {
    this.#head('E', EXECUTE_SIZE);
    this.#byte(0);
    this.#int32(0);
  }

  sync(): void {
    this.#head('S', HEAD);
  }

  written(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  #head(letter: string, size: number): void {
    this.#byte(letter.charCodeAt(0));
    this.#int32(size - 1);
  }

  #ascii(text: string): void {
    this.#at += this.#bytes.write(text, this.#at, 'latin1');
    this.#byte(0);
  }

  #byte(value: number): void {
    this.#bytes[this.#at] = value;
    this.#at += 1;
  }

  /** Counts, which the database reads without a sign. */
  #int16(value: number): void {
    this.#at = this.#bytes.writeUInt16BE(value, this.#at);
  }

  #int32(value: number): void {
    this.#at = this.#bytes.writeInt32BE(value, this.#at);
  }
}
