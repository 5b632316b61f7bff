/**
 * Index entries as rows of the table `entry`. One table holds all kinds, clustered by resource, with partial indexes
 * for what a search starts from; what each kind puts into which column:
 *
 * | kind      | hash          | sys         | target       | low, high | text       | value          | label        |
 * |-----------|---------------|-------------|--------------|-----------|------------|----------------|--------------|
 * | token     | code          | system      |              |           |            | code           | display text |
 * | string    | as written    |             |              |           | normalised | as written     |              |
 * | reference | URL           |             | key of local |           |            | id, or URL     | type         |
 * | range     |               |             |              | bounds    |            |                |              |
 * | quantity  |               | system      |              | bounds    |            | code           |              |
 * | uri       | the URI       |             |              |           | the URI    |                |              |
 *
 * `part` numbers the composite entries of a parameter, so that components can be told to be of the same one.
 */
import type { CompositePart, IndexEntry } from '../../search/index-entry.ts';
import { componentOf, paramKeyOf, resourceKeyOf, valueKeyOf } from './keys.ts';

export interface EntryRow {
  readonly param: number;
  /** Numbers the rows of a resource. */
  readonly n: number;
  readonly part: number | null;
  readonly hash: bigint | null;
  readonly sys: bigint | null;
  readonly target: bigint | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly text: string | null;
  readonly value: string | null;
  readonly label: string | null;
}

type Columns = Partial<Omit<EntryRow, 'param' | 'n' | 'part'>>;

/** The rows of all entries of one resource of `type`. */
export function entryRows(type: string, entries: readonly IndexEntry[]): EntryRow[] {
  const rows: EntryRow[] = [];
  const add = (param: string, part: number | null, columns: Columns): void => {
    rows.push({ ...EMPTY, ...columns, param: paramKeyOf(type, param), n: rows.length, part });
  };
  for (const [position, entry] of entries.entries()) {
    if (entry.kind !== 'composite') {
      for (const columns of columnsOf(entry)) add(entry.param, null, columns);
      continue;
    }
    for (const [place, component] of entry.parts.entries()) {
      for (const columns of columnsOf(component)) add(componentOf(entry.param, place), position, columns);
    }
  }
  return rows;
}

const EMPTY = { hash: null, sys: null, target: null, low: null, high: null, text: null, value: null, label: null };

function columnsOf(entry: CompositePart): Columns[] {
  switch (entry.kind) {
    case 'token': {
      const code = clean(entry.code);
      return [{ hash: valueKeyOf(code), sys: valueKeyOf(entry.system), value: code, label: clean(entry.text ?? null) }];
    }
    case 'string':
      return [{ hash: valueKeyOf(clean(entry.value)), text: clean(entry.normalized), value: clean(entry.value) }];
    case 'reference': {
      const columns: Columns[] = [];
      if (entry.type !== null && entry.id !== null) {
        columns.push({ target: resourceKeyOf(entry.type, entry.id), value: entry.id, label: entry.type });
      }
      if (entry.url !== null) columns.push({ hash: valueKeyOf(clean(entry.url)), value: clean(entry.url) });
      return columns;
    }
    case 'range':
      return [{ low: finite(entry.low), high: finite(entry.high) }];
    case 'quantity':
      return [{ low: finite(entry.low), high: finite(entry.high), sys: valueKeyOf(entry.system), value: clean(entry.code) }];
    case 'uri':
      return [{ hash: valueKeyOf(clean(entry.value)), text: clean(entry.value) }];
  }
}

/** Open bounds are kept, and asked for, as the largest finite double. */
export function finite(bound: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, bound));
}

/** PostgreSQL cannot keep U+0000 in text; it means nothing in FHIR, so no store keeps it. */
export function clean<Text extends string | null>(text: Text): Text {
  return text?.includes('\0') ? (text.replaceAll('\0', '') as Text) : text;
}
