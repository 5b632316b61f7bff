/**
 * The identifiers and canonical URLs by which a condition knows a resource: what two writers that ask for different ones
 * do cannot matter to each other.
 */
import type { IndexEntry } from '../../search/index-entry.ts';
import type { Clause, SearchQuery } from '../../search/query.ts';
import { conjunctsOf } from './compile-clause.ts';

export interface UniqueValue {
  readonly param: 'identifier' | 'url';
  readonly value: string;
}

/** Values of which every match must have at least one; undefined when the query does not say so. */
export function uniqueValues({ where }: SearchQuery): readonly UniqueValue[] | undefined {
  for (const clause of conjunctsOf(where)) {
    const values = (clause.op === 'or' ? clause.clauses : [clause]).map(uniqueValue);
    if (values.length > 0 && values.every((value) => value !== undefined)) return values;
  }
  return undefined;
}

function uniqueValue(clause: Clause): UniqueValue | undefined {
  if (clause.op !== 'match') return undefined;
  const { param, test } = clause;
  if (param === 'identifier' && test.kind === 'token' && test.code !== undefined) return { param, value: test.code };
  if (param === 'url' && test.kind === 'uri' && test.mode === 'exact') return { param, value: test.value };
  return undefined;
}

/** The value of an index entry that such a condition may ask for. */
export function identifyingValue(entry: IndexEntry): UniqueValue | undefined {
  const { param } = entry;
  if (entry.kind === 'token' && param === 'identifier' && entry.code !== null) return { param, value: entry.code };
  return entry.kind === 'uri' && param === 'url' ? { param, value: entry.value } : undefined;
}
