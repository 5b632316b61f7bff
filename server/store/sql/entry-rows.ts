/**
 * Index entries as rows of the table `entry`. One table holds all kinds, clustered by resource, with partial indexes
 * for what a search starts from; what each kind puts into which column:
 *
 * | kind      | hash          | sys         | target       | low, high | text       | value          | label        |
 * |-----------|---------------|-------------|--------------|-----------|------------|----------------|--------------|
 * | token     | code          | system      |              |           |            | code           | display text |
 * | string    | as written    |             |              |           | normalised | as written     | its order    |
 * | reference | URL           | (see below) | the local    |           |            | id, or URL     | type         |
 * | range     |               |             |              | bounds    |            |                |              |
 * | quantity  |               | system      |              | bounds    |            | code           |              |
 * | uri       | the URI       |             |              |           | the URI    |                |              |
 *
 * A string has a label only where it is not sorted by its normalised form; of a resource's own, the text then has a mark
 * before it (see APART), so that the others lie together in their order. Those are most of all, and cost nothing more.
 *
 * `part` numbers the composite entries of a parameter, so that components can be told to be of the same one.
 *
 * What is contained in a resource has its rows among those of the resource, under parameters of their own, with a `part`
 * below zero that tells whose they are (see partOf). A reference to it has the same in `sys`, its type as the label, and a hash of its own.
 */
import type { CompositePart, ContainedEntry, IndexEntry } from '../../search/index-entry.ts';
import { componentOf, containedKeyOf, paramKeyOf, valueKeyOf } from './keys.ts';

/** `Target`: what a database keeps of the resource that is pointed at (see targets.ts). */
export interface EntryRow<Target = bigint> {
  readonly param: number;
  /** Numbers the rows of a resource. */
  readonly n: number;
  /** Numbers the entries of a composite parameter. */
  readonly part: number | null;
  readonly hash: bigint | null;
  readonly sys: bigint | null;
  readonly target: Target | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly text: string | null;
  readonly value: string | null;
  readonly label: string | null;
}

/** The rows of all entries of one resource of `type`, in their order. */
export function entryRows<Target>(
  type: string,
  entries: readonly IndexEntry[],
  targetOf: (type: string, id: string) => Target,
): readonly EntryRow<Target>[] {
  const rows: EntryRow<Target>[] = [];
  let position = 0;
  for (const entry of entries) {
    if (entry.kind === 'contained') addContained(rows, entry, targetOf);
    else if (entry.kind !== 'composite') addRows(rows, paramKeyOf(type, entry.param), null, entry, targetOf);
    else {
      for (const [place, component] of entry.parts.entries()) {
        addRows(rows, paramKeyOf(type, componentOf(entry.param, place)), position, component, targetOf);
      }
    }
    position += 1;
  }
  return rows;
}

/** More than CONTAINED_MAX, so that a part tells which of them it is of. */
const PARTS_STEP = 1_024;

/** The `part` of entries of a contained resource; those of its composites are numbered as well. */
function partOf(number: number, position = 0): number {
  return -(number + PARTS_STEP * position);
}

/** The `hash` of references to something contained, so that an index tells whether there are any. No text asked for is '#'. */
export const LEADS_INSIDE = valueKeyOf('#');

/** What tells in SQL of which contained resource a row with this part is: the `sys` of references to it. */
export const ownerOf = (part: string): string => `${part} % ${PARTS_STEP}`;

function addContained<Target>(
  rows: EntryRow<Target>[],
  { number, type, entries }: ContainedEntry,
  targetOf: (type: string, id: string) => Target,
): void {
  for (const [position, entry] of entries.entries()) {
    if (entry.kind === 'contained') continue;
    if (entry.kind !== 'composite') addRows(rows, containedKeyOf(type, entry.param), partOf(number), entry, targetOf);
    else {
      for (const [place, component] of entry.parts.entries()) {
        addRows(rows, containedKeyOf(type, componentOf(entry.param, place)), partOf(number, position + 1), component, targetOf);
      }
    }
  }
}

/** Stands before the normalised form of a text that is sorted by its label: no such form holds it, and none comes after it. */
export const APART = '\u{10ffff}';

type Writable<Row> = { -readonly [Column in keyof Row]: Row[Column] };

/** A row to be filled in. All have the same shape: thousands are made each second, and one shape is read fastest. */
function newRow<Target>(param: number, n: number, part: number | null): Writable<EntryRow<Target>> {
  return { param, n, part, hash: null, sys: null, target: null, low: null, high: null, text: null, value: null, label: null };
}

function addRows<Target>(
  rows: EntryRow<Target>[],
  param: number,
  part: number | null,
  entry: CompositePart,
  targetOf: (type: string, id: string) => Target,
): void {
  const row = newRow<Target>(param, rows.length, part);
  switch (entry.kind) {
    case 'token':
      row.value = clean(entry.code);
      row.hash = valueKeyOf(row.value);
      row.sys = valueKeyOf(entry.system);
      row.label = clean(entry.text ?? null);
      break;
    case 'string':
      row.value = clean(entry.value);
      row.hash = valueKeyOf(row.value);
      row.text = headOf(clean(entry.normalized));
      row.label = clean(entry.order ?? null);
      // What is contained or part of a composite is not walked along.
      if (row.label !== null && part === null) row.text = headOf(APART + clean(entry.normalized));
      break;
    case 'reference':
      addReference(rows, row, entry, targetOf);
      return;
    case 'range':
      row.low = finite(entry.low);
      row.high = finite(entry.high);
      break;
    case 'quantity':
      row.low = finite(entry.low);
      row.high = finite(entry.high);
      row.sys = valueKeyOf(entry.system);
      row.value = clean(entry.code);
      break;
    case 'uri':
      row.hash = valueKeyOf(clean(entry.value));
      row.text = headOf(clean(entry.value));
      break;
  }
  rows.push(row);
}

/** A row for what lies here, and one for the URL where there is one. */
function addReference<Target>(
  rows: EntryRow<Target>[],
  local: Writable<EntryRow<Target>>,
  { type, id, url, inside }: Extract<CompositePart, { kind: 'reference' }>,
  targetOf: (type: string, id: string) => Target,
): void {
  if (type !== null && id !== null) {
    local.target = targetOf(type, id);
    local.value = id;
    local.label = type;
    rows.push(local);
  }
  if (url === null) return;
  const row = newRow<Target>(local.param, rows.length, local.part);
  row.value = clean(url);
  row.hash = valueKeyOf(row.value);
  if (inside !== undefined) {
    row.hash = LEADS_INSIDE;
    row.sys = BigInt(partOf(inside.number));
    row.label = clean(inside.type);
  }
  rows.push(row);
}

/** Open bounds are kept, and asked for, as the largest finite double. */
export function finite(bound: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, bound));
}

/** Bytes of a text that are kept to be compared by how they begin: a row of an index of PostgreSQL holds 2,704 in all. */
const TEXT_BYTES = 2_600;
/** No character of UTF-16 takes more in UTF-8. */
const BYTES_AT_MOST = 3;

/** What is kept of a text, and asked for: all of it but of the very longest. */
export function headOf(text: string): string {
  if (text.length * BYTES_AT_MOST <= TEXT_BYTES || Buffer.byteLength(text) <= TEXT_BYTES) return text;
  // What is left of a character at the end is dropped.
  return new TextDecoder().decode(Buffer.from(text).subarray(0, TEXT_BYTES), { stream: true });
}

/** PostgreSQL cannot keep U+0000 in text; it means nothing in FHIR, so no store keeps it. */
export function clean<Text extends string | null>(text: Text): Text {
  return text?.includes('\0') ? (text.replaceAll('\0', '') as Text) : text;
}
