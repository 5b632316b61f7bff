/**
 * A strict reader of JSON text that knows where each member stands: for line and column of issues, duplicate
 * properties, and saying where a text stops being JSON.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc8259 · https://hl7.org/fhir/R4/json.html
 */

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A property that is given twice, and where its second value begins. */
export interface Duplicate {
  readonly name: string;
  readonly offset: number;
}

export class JsonFault extends Error {
  readonly offset: number;
  constructor(why: string, offset: number) {
    super(why);
    this.offset = offset;
  }
}

/** Line and column, from 1, of an offset in a text. */
export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let start = 0;
  for (let next = text.indexOf('\n'); next >= 0 && next < offset; next = text.indexOf('\n', start)) {
    line++;
    start = next + 1;
  }
  return { line, column: offset - start + 1 };
}

const WHITE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const MAX_LEVELS = 2000;

/**
 * Reads a text through: the properties that are given twice.
 * @throws JsonFault where the text stops being JSON.
 */
export function checkJson(text: string): readonly Duplicate[] {
  const reader = new Reader(text, undefined);
  reader.value('', 0);
  reader.end();
  return reader.duplicates;
}

/** Where the values at these paths of names and indexes (`name.0.given.1`) begin, in a text that is JSON; paths that are not there are left out. */
export function startsOf(text: string, paths: ReadonlySet<string>): ReadonlyMap<string, number> {
  const reader = new Reader(text, paths);
  reader.value('', 0);
  return reader.starts;
}

class Reader {
  readonly starts = new Map<string, number>();
  readonly duplicates: Duplicate[] = [];
  readonly #wanted: ReadonlySet<string> | undefined;
  readonly #text: string;
  #at = 0;

  constructor(text: string, wanted: ReadonlySet<string> | undefined) {
    this.#text = text;
    this.#wanted = wanted;
    this.#white();
  }

  value(path: string, level: number): void {
    if (level > MAX_LEVELS) throw new JsonFault('nested too deep', this.#at);
    if (this.#wanted?.has(path)) this.starts.set(path, this.#at);
    const first = this.#text[this.#at];
    if (first === '{') this.#object(path, level);
    else if (first === '[') this.#array(path, level);
    else if (first === '"') this.#string();
    else this.#match(SCALAR, `unexpected ${first === undefined ? 'end' : `'${first}'`}`);
    this.#white();
  }

  end(): void {
    if (this.#at < this.#text.length) throw new JsonFault(`unexpected '${this.#text[this.#at]}' after the end`, this.#at);
  }

  #object(path: string, level: number): void {
    const names = new Set<string>();
    this.#open();
    if (this.#take('}')) return;
    do {
      const name = JSON.parse(this.#string()) as string;
      this.#white();
      this.#expect(':');
      if (names.has(name)) this.duplicates.push({ name, offset: this.#at });
      names.add(name);
      this.value(this.#below(path, name), level + 1);
    } while (this.#next('}'));
  }

  #array(path: string, level: number): void {
    this.#open();
    if (this.#take(']')) return;
    let index = 0;
    do {
      this.value(this.#below(path, index), level + 1);
      index++;
    } while (this.#next(']'));
  }

  /** Paths are made only when some are looked for. */
  #below(path: string, member: string | number): string {
    if (this.#wanted === undefined) return '';
    return path === '' ? String(member) : `${path}.${member}`;
  }

  #open(): void {
    this.#at++;
    this.#white();
  }

  /** After a member: true when a comma says that another follows, false at the closing mark. */
  #next(close: string): boolean {
    if (this.#take(close)) return false;
    if (this.#text[this.#at] !== ',') throw new JsonFault(`expected ',' or '${close}', found ${this.#shown()}`, this.#at);
    this.#open();
    return true;
  }

  #take(mark: string): boolean {
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #expect(mark: string): void {
    if (!this.#take(mark)) throw new JsonFault(`expected '${mark}', found ${this.#shown()}`, this.#at);
    this.#white();
  }

  #string(): string {
    return this.#match(STRING, `expected a string, found ${this.#shown()}`);
  }

  #match(pattern: RegExp, why: string): string {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) throw new JsonFault(why, this.#at);
    this.#at = pattern.lastIndex;
    return match[0];
  }

  #white(): void {
    WHITE.lastIndex = this.#at;
    WHITE.exec(this.#text);
    this.#at = WHITE.lastIndex;
  }

  #shown(): string {
    const found = this.#text[this.#at];
    return found === undefined ? 'the end' : `'${found}'`;
  }
}
