/**
 * The commonest search of all: for one code by one parameter of one type, in the order of creation. Its SQL is the same
 * every time but for its values, so it is written once: to write it anew, and to find the statement of a new text, costs
 * nearly as much as to run it.
 */
import type { SearchQuery } from '../../search/query.ts';
import type { Dialect, SqlValue } from './dialect.ts';
import { clean } from './entry-rows.ts';
import { paramKeyOf, valueKeyOf } from './keys.ts';
import type { Statement } from './steps.ts';

/** By dialect and by what the text depends on; undefined where it depends on more. */
const texts = new Map<Dialect, Map<number, string | undefined>>();

/** The statement of a query of this kind, which `write` writes the first time; undefined for any other query. */
export function plainStatement(dialect: Dialect, query: SearchQuery, write: () => Statement): Statement | undefined {
  const { types, where, sort, limit, total, after, before } = query;
  if (where.op !== 'match' || where.test.kind !== 'token' || types.length !== 1) return undefined;
  if (sort.length > 0 || total !== 'none' || limit <= 0 || after !== undefined || before !== undefined) return undefined;
  const { code, system, text, anyOf } = where.test;
  if (code === undefined || text !== undefined || anyOf !== undefined) return undefined;
  const values: SqlValue[] = [paramKeyOf(types[0] as string, where.param), valueKeyOf(clean(code))];
  if (system !== undefined) values.push(valueKeyOf(system));
  // With a system or without, at each limit.
  const sql = textOf(dialect, 2 * limit + values.length, values, write);
  return sql === undefined ? undefined : { sql, values };
}

/** The text for these values; none where the one that writes it binds others. */
function textOf(dialect: Dialect, kind: number, values: readonly SqlValue[], write: () => Statement): string | undefined {
  const known = texts.get(dialect) ?? new Map<number, string | undefined>();
  texts.set(dialect, known);
  if (known.has(kind)) return known.get(kind);
  const written = write();
  const isPlain = written.values.length === values.length && written.values.every((value, place) => value === values[place]);
  known.set(kind, isPlain ? written.sql : undefined);
  return known.get(kind);
}
