/**
 * Index entries as one text, for the way to the thread that writes: to copy dozens of small objects costs more than to make them.
 *
 * Each entry is a letter for its kind and its values, one after the other, with NUL between them: no index row holds a NUL
 * (see `clean`). References to resources here and codes without a text, most of all, are written without what they leave empty.
 */
import { CONTAINED, type CompositePart, type IndexEntry } from '../../search/index-entry.ts';

const BETWEEN = '\0';
/** No FHIR string is this control character. */
const NULL = '\u0001';

/** What follows the letter and the parameter. */
const FORM = {
  /** System, code. */
  code: 'c',
  /** System, code, text. */
  token: 't',
  /** Type, id. */
  local: 'l',
  /** Type, id, URL. */
  reference: 'r',
  /** URL, and number and type of the contained resource it leads to. */
  inside: 'i',
  /** Value, normalized. */
  string: 's',
  /** Value, normalized, order. */
  ordered: 'o',
  /** Low, high. */
  range: 'd',
  /** Low, high, system, code. */
  quantity: 'q',
  /** Value. */
  uri: 'u',
  /** The number of parts, and these. */
  composite: 'm',
  /** Number and type of a contained resource, the number of its entries, and these. */
  contained: 'n',
} as const;

/** What something is to be found by; as text where it came from another thread. */
export type Entries = readonly IndexEntry[] | string;

/** The entries as one text; empty for none. */
export function entryText(entries: Entries): string {
  if (typeof entries === 'string') return entries;
  const out: string[] = [];
  addEntries(out, entries);
  return out.join(BETWEEN);
}

function addEntries(out: string[], entries: readonly IndexEntry[]): void {
  for (const entry of entries) {
    if (entry.kind === 'composite') {
      out.push(FORM.composite, entry.param, String(entry.parts.length));
      for (const part of entry.parts) addValues(out, '', part);
    } else if (entry.kind === 'contained') {
      out.push(FORM.contained, entry.param, String(entry.number), textOf(entry.type), String(entry.entries.length));
      addEntries(out, entry.entries);
    } else addValues(out, entry.param, entry);
  }
}

function addValues(out: string[], param: string, entry: CompositePart): void {
  switch (entry.kind) {
    case 'token':
      if (entry.text === undefined) out.push(FORM.code, param, textOf(entry.system), textOf(entry.code));
      else out.push(FORM.token, param, textOf(entry.system), textOf(entry.code), textOf(entry.text));
      break;
    case 'string':
      if (entry.order === undefined) out.push(FORM.string, param, textOf(entry.value), textOf(entry.normalized));
      else out.push(FORM.ordered, param, textOf(entry.value), textOf(entry.normalized), textOf(entry.order));
      break;
    case 'reference':
      if (entry.url === null) out.push(FORM.local, param, textOf(entry.type), textOf(entry.id));
      else if (entry.inside !== undefined)
        out.push(FORM.inside, param, textOf(entry.url), String(entry.inside.number), textOf(entry.inside.type));
      else out.push(FORM.reference, param, textOf(entry.type), textOf(entry.id), textOf(entry.url));
      break;
    case 'range':
      out.push(FORM.range, param, String(entry.low), String(entry.high));
      break;
    case 'quantity':
      out.push(FORM.quantity, param, String(entry.low), String(entry.high), textOf(entry.system), textOf(entry.code));
      break;
    case 'uri':
      out.push(FORM.uri, param, textOf(entry.value));
      break;
  }
}

function textOf(value: string | null): string {
  if (value === null) return NULL;
  return value.includes(BETWEEN) ? value.replaceAll(BETWEEN, '') : value;
}

/** The entries of a text made by `entryText`. */
export function entriesOf(text: Entries): readonly IndexEntry[] {
  if (typeof text !== 'string') return text;
  if (text === '') return [];
  const reader = new Reader(text.split(BETWEEN));
  const entries: IndexEntry[] = [];
  while (!reader.isAtEnd) entries.push(reader.entry());
  return entries;
}

class Reader {
  readonly #values: readonly string[];
  #at = 0;

  constructor(values: readonly string[]) {
    this.#values = values;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#values.length;
  }

  entry(): IndexEntry {
    const form = this.#next();
    const param = this.#next();
    switch (form) {
      case FORM.code:
        return { kind: 'token', param, system: this.#orNull(), code: this.#orNull() };
      case FORM.token:
        return { kind: 'token', param, system: this.#orNull(), code: this.#orNull(), text: this.#next() };
      case FORM.local:
        return { kind: 'reference', param, type: this.#orNull(), id: this.#orNull(), url: null };
      case FORM.reference:
        return { kind: 'reference', param, type: this.#orNull(), id: this.#orNull(), url: this.#orNull() };
      case FORM.inside:
        return {
          kind: 'reference',
          param,
          type: null,
          id: null,
          url: this.#next(),
          inside: { number: Number(this.#next()), type: this.#next() },
        };
      case FORM.string:
        return { kind: 'string', param, value: this.#next(), normalized: this.#next() };
      case FORM.ordered:
        return { kind: 'string', param, value: this.#next(), normalized: this.#next(), order: this.#next() };
      case FORM.range:
        return { kind: 'range', param, low: Number(this.#next()), high: Number(this.#next()) };
      case FORM.quantity:
        return {
          kind: 'quantity',
          param,
          low: Number(this.#next()),
          high: Number(this.#next()),
          system: this.#orNull(),
          code: this.#orNull(),
        };
      case FORM.uri:
        return { kind: 'uri', param, value: this.#next() };
      case FORM.composite: {
        const parts = Array.from({ length: Number(this.#next()) }, (): CompositePart => {
          const { param: _param, ...part } = this.entry();
          return part as CompositePart;
        });
        return { kind: 'composite', param, parts };
      }
      case FORM.contained: {
        const [number, type] = [Number(this.#next()), this.#next()];
        const entries = Array.from({ length: Number(this.#next()) }, () => this.entry());
        return { kind: 'contained', param: CONTAINED, number, type, entries };
      }
      default:
        throw new Error(`There are no index entries of form ${form}.`);
    }
  }

  #next(): string {
    return this.#values[this.#at++] ?? '';
  }

  #orNull(): string | null {
    const value = this.#next();
    return value === NULL ? null : value;
  }
}
