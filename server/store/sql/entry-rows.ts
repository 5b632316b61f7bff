/**
 * Index entries as rows of the table `entry`. One table holds all kinds, clustered by resource, with partial indexes
 * for what a search starts from; what each kind puts into which column:
 *
 * | kind      | hash          | sys         | target       | low, high | text       | value          | label        |
 * |-----------|---------------|-------------|--------------|-----------|------------|----------------|--------------|
 * | token     | code          | system      |              |           |            | code           | display text |
 * | string    | as written    |             |              |           | normalised | as written     |              |
 * | reference | URL           |             | the local    |           |            | id, or URL     | type         |
 * | range     |               |             |              | bounds    |            |                |              |
 * | quantity  |               | system      |              | bounds    |            | code           |              |
 * | uri       | the URI       |             |              |           | the URI    |                |              |
 *
 * `part` numbers the composite entries of a parameter, so that components can be told to be of the same one.
 */
import type { CompositePart, IndexEntry } from '../../search/index-entry.ts';
import { componentOf, paramKeyOf, valueKeyOf } from './keys.ts';

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
    if (entry.kind !== 'composite') addRows(rows, paramKeyOf(type, entry.param), null, entry, targetOf);
    else {
      for (const [place, component] of entry.parts.entries()) {
        addRows(rows, paramKeyOf(type, componentOf(entry.param, place)), position, component, targetOf);
      }
    }
    position += 1;
  }
  return rows;
}

/** All rows are written out with the same columns: thousands are made each second, and one shape is read fastest. */
function addRows<Target>(
  rows: EntryRow<Target>[],
  param: number,
  part: number | null,
  entry: CompositePart,
  targetOf: (type: string, id: string) => Target,
): void {
  switch (entry.kind) {
    case 'token': {
      const [value, sys, label] = [clean(entry.code), valueKeyOf(entry.system), clean(entry.text ?? null)];
      rows.push({
        param,
        n: rows.length,
        part,
        hash: valueKeyOf(value),
        sys,
        target: null,
        low: null,
        high: null,
        text: null,
        value,
        label,
      });
      return;
    }
    case 'string': {
      const [value, text] = [clean(entry.value), clean(entry.normalized)];
      rows.push({
        param,
        n: rows.length,
        part,
        hash: valueKeyOf(value),
        sys: null,
        target: null,
        low: null,
        high: null,
        text,
        value,
        label: null,
      });
      return;
    }
    case 'reference': {
      const { type, id, url } = entry;
      if (type !== null && id !== null) {
        rows.push({
          param,
          n: rows.length,
          part,
          hash: null,
          sys: null,
          target: targetOf(type, id),
          low: null,
          high: null,
          text: null,
          value: id,
          label: type,
        });
      }
      if (url === null) return;
      const value = clean(url);
      rows.push({
        param,
        n: rows.length,
        part,
        hash: valueKeyOf(value),
        sys: null,
        target: null,
        low: null,
        high: null,
        text: null,
        value,
        label: null,
      });
      return;
    }
    case 'range': {
      const [low, high] = [finite(entry.low), finite(entry.high)];
      rows.push({ param, n: rows.length, part, hash: null, sys: null, target: null, low, high, text: null, value: null, label: null });
      return;
    }
    case 'quantity': {
      const [low, high, sys, value] = [finite(entry.low), finite(entry.high), valueKeyOf(entry.system), clean(entry.code)];
      rows.push({ param, n: rows.length, part, hash: null, sys, target: null, low, high, text: null, value, label: null });
      return;
    }
    case 'uri': {
      const text = clean(entry.value);
      rows.push({
        param,
        n: rows.length,
        part,
        hash: valueKeyOf(text),
        sys: null,
        target: null,
        low: null,
        high: null,
        text,
        value: null,
        label: null,
      });
      return;
    }
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
