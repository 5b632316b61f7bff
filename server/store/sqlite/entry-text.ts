/**
 * Index entries as one text, for the way to the thread that writes: to copy dozens of small objects costs more than to make them.
 *
 * Each entry is its kind and its values, one after the other, with NUL between them: no index row holds a NUL (see `clean`).
 */
import type { CompositePart, IndexEntry } from '../../search/index-entry.ts';

const BETWEEN = '\0';
/** No FHIR string is this control character. */
const NULL = '\u0001';

/** The entries as one text; empty for none. */
export function entryText(entries: readonly IndexEntry[]): string {
  const out: string[] = [];
  for (const entry of entries) {
    if (entry.kind === 'composite') {
      out.push('composite', entry.param, String(entry.parts.length));
      for (const part of entry.parts) addValues(out, '', part);
    } else addValues(out, entry.param, entry);
  }
  return out.join(BETWEEN);
}

function addValues(out: string[], param: string, entry: CompositePart): void {
  switch (entry.kind) {
    case 'token':
      out.push('token', param, textOf(entry.system), textOf(entry.code), textOf(entry.text ?? null));
      break;
    case 'string':
      out.push('string', param, textOf(entry.value), textOf(entry.normalized));
      break;
    case 'reference':
      out.push('reference', param, textOf(entry.type), textOf(entry.id), textOf(entry.url));
      break;
    case 'range':
      out.push('range', param, String(entry.low), String(entry.high));
      break;
    case 'quantity':
      out.push('quantity', param, String(entry.low), String(entry.high), textOf(entry.system), textOf(entry.code));
      break;
    case 'uri':
      out.push('uri', param, textOf(entry.value));
      break;
  }
}

function textOf(value: string | null): string {
  if (value === null) return NULL;
  return value.includes(BETWEEN) ? value.replaceAll(BETWEEN, '') : value;
}

/** The entries of a text made by `entryText`. */
export function entriesOf(text: string): IndexEntry[] {
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
    const kind = this.#next();
    const param = this.#next();
    switch (kind) {
      case 'token': {
        const [system, code, text] = [this.#orNull(), this.#orNull(), this.#orNull()];
        return text === null ? { kind, param, system, code } : { kind, param, system, code, text };
      }
      case 'string':
        return { kind, param, value: this.#next(), normalized: this.#next() };
      case 'reference':
        return { kind, param, type: this.#orNull(), id: this.#orNull(), url: this.#orNull() };
      case 'range':
        return { kind, param, low: Number(this.#next()), high: Number(this.#next()) };
      case 'quantity':
        return { kind, param, low: Number(this.#next()), high: Number(this.#next()), system: this.#orNull(), code: this.#orNull() };
      case 'uri':
        return { kind, param, value: this.#next() };
      case 'composite': {
        const count = Number(this.#next());
        const parts = Array.from({ length: count }, (): CompositePart => {
          const { param: _param, ...part } = this.entry();
          return part as CompositePart;
        });
        return { kind, param, parts };
      }
      default:
        throw new Error(`There are no index entries of kind ${kind}.`);
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
