/**
 * The commonest searches of all: for one code, or what points at one resource, by one parameter of one type, in the order
 * of creation.
 */
import type { IndexTest, SearchQuery } from '../../search/query.ts';
import type { Dialect, SqlValue } from './dialect.ts';
import { clean } from './entry-rows.ts';
import { paramKeyOf, resourceKeyOf, valueKeyOf } from './keys.ts';
import type { Statement } from './steps.ts';
import { WrittenOnce } from './written-once.ts';

const texts = new WrittenOnce();

/** The statement of a query of this kind, which `write` writes the first time; undefined for any other query. */
export function plainStatement(dialect: Dialect, query: SearchQuery, write: () => Statement): Statement | undefined {
  const { types, where, sort, limit, total, after, before, bytesMax } = query;
  if (where.op !== 'match' || types.length !== 1) return undefined;
  if (sort.length > 0 || total !== 'none' || limit <= 0 || after !== undefined || before !== undefined) return undefined;
  const found = plainTest(where.test);
  if (found === undefined) return undefined;
  const values: SqlValue[] = [paramKeyOf(types[0] as string, where.param), ...found.values];
  return texts.statement(dialect, KINDS * (2 * limit + (bytesMax === undefined ? 0 : 1)) + found.kind, values, write);
}

/** A code, a code with its system, a reference: each has a text of its own, at each limit, with and without a bound. */
const KINDS = 3;

/** What a plain test compares with, and its kind; undefined for any other. */
function plainTest(test: IndexTest): { readonly kind: number; readonly values: readonly SqlValue[] } | undefined {
  if (test.kind === 'reference') {
    const { type, id, types, url, versionOf } = test;
    if (type === undefined || id === undefined || types !== undefined || url !== undefined || versionOf !== undefined) return undefined;
    return { kind: 2, values: [resourceKeyOf(type, id)] };
  }
  if (test.kind !== 'token') return undefined;
  const { code, system, text, anyOf } = test;
  if (code === undefined || text !== undefined || anyOf !== undefined) return undefined;
  const key = valueKeyOf(clean(code));
  return system === undefined ? { kind: 0, values: [key] } : { kind: 1, values: [key, valueKeyOf(system)] };
}
