/**
 * The order of a search and places in it, as SQL. Every order ends with the order of creation, so it is total; resources
 * without a value for a sort key come last, whichever way the key runs.
 */
import type { CursorPosition, SearchQuery, SortKey } from '../../search/query.ts';
import { all, any, unionAll } from './compile-test.ts';
import type { Dialect, SqlWriter } from './dialect.ts';
import { APART } from './entry-rows.ts';
import { resourceKeyOf } from './keys.ts';
import { paramIn } from './row-conditions.ts';

type ParamKey = Extract<SortKey, { by: 'param' }>;

/** The column of `entry` that a key sorts by, and that every row of its kind has. */
export function sortColumn(key: ParamKey): 'text' | 'value' | 'low' | 'high' {
  switch (key.kind) {
    case 'string':
    case 'uri':
      return 'text';
    case 'token':
    case 'reference':
      return 'value';
    case 'range':
    case 'quantity':
      return key.descending ? 'high' : 'low';
  }
}

/** What a row of `entry` is sorted by: texts by their label where they have one (see entry-rows.ts). */
export function sortValue(key: ParamKey, column: (name: string) => string): string {
  return key.kind === 'string' ? `coalesce(${column('label')}, ${column('text')})` : column(sortColumn(key));
}

/** Rows that an index has in the order of a key by this column. */
export interface SortedRows {
  readonly column: 'text' | 'value' | 'low' | 'high' | 'label';
  /** The condition that tells them from others of the parameter, of the row with this alias. */
  readonly among: (dialect: Dialect, row: string) => string;
}

/** All rows of a key, in parts that are each in its order by an index: those of texts in two. Written out, for the planner to know how many there are. */
export function sortedRows(key: ParamKey): readonly SortedRows[] {
  const column = sortColumn(key);
  if (key.kind !== 'string') return [{ column, among: (_, row) => `${row}.${column} IS NOT NULL` }];
  return [
    { column, among: (_, row) => `${row}.text < '${APART}'` },
    { column: 'label', among: (dialect, row) => `${dialect.plain(`${row}.text`)} >= '${APART}'` },
  ];
}

/** The value the resource `rid` is sorted by: NULL when it has none. */
export function sortExpression(sql: SqlWriter, key: SortKey, types: readonly string[], rid: string): string {
  if (key.by !== 'param') {
    const column = key.by === 'id' ? 'id' : 'updated';
    return `(SELECT x.${column} FROM resource x WHERE x.rid = ${rid})`;
  }
  return sortValueAmong(key, `o.rid = ${rid} AND ${paramIn(sql, 'o', [key.param], types)}`);
}

/** The value that a key sorts by of the rows `o` of `entry` for which the condition holds: NULL when there are none. */
export function sortValueAmong(key: ParamKey, condition: string): string {
  return `(SELECT ${key.descending ? 'max' : 'min'}(${sortValue(key, (name) => `o.${name}`)}) FROM entry o WHERE ${condition})`;
}

/** ORDER BY terms for sort values in columns `s0`, `s1` … and the key in `rid`, all with this table prefix. */
export function orderTerms(sort: readonly SortKey[], backwards: boolean, prefix = ''): string {
  const terms = sort.map((key, place) => {
    const column = `${prefix}s${place}`;
    // One term for both: the value may be a query of its own, and each term that names it would run it again.
    return `${column}${key.descending !== backwards ? ' DESC' : ''} NULLS ${backwards ? 'FIRST' : 'LAST'}`;
  });
  return [...terms, `${prefix}rid${backwards ? ' DESC' : ''}`].join(', ');
}

/** The condition that a row lies beyond `position` in the direction of paging. `column(n)` is the nth sort value; `inner` numbers rows of the same `rid`. */
export function beyond(
  sql: SqlWriter,
  sort: readonly SortKey[],
  position: CursorPosition,
  backwards: boolean,
  column: (place: number) => string,
  rid: string,
  inner?: string,
): string {
  const last = placeOf(sql, position);
  const further = backwards ? '<' : '>';
  let condition = `${rid} ${further} ${last}`;
  if (inner !== undefined) condition = any([condition, all([`${rid} = ${last}`, `${inner} ${further} ${sql.bind(position.inner ?? 0)}`])]);
  for (let place = sort.length - 1; place >= 0; place -= 1) {
    const [key, value, here] = [sort[place] as SortKey, position.values[place] ?? null, column(place)];
    if (value === null) {
      const tied = all([`${here} IS NULL`, condition]);
      condition = backwards ? any([`${here} IS NOT NULL`, tied]) : tied;
      continue;
    }
    const bound = sql.bind(value);
    const strictly = `${here} ${key.descending !== backwards ? '<' : '>'} ${bound}`;
    condition = any([strictly, ...(backwards ? [] : [`${here} IS NULL`]), all([`${here} = ${bound}`, condition])]);
  }
  return condition;
}

/** The condition that a resource is within so many numbers from where its page begins: from a position, or from the first of the types, at least one. */
export function nearby(
  sql: SqlWriter,
  types: readonly string[],
  { after, before }: Pick<SearchQuery, 'after' | 'before'>,
  numbers: number,
  rid: string,
): string {
  if (before !== undefined) return `${rid} >= ${placeOf(sql, before)} - ${numbers}`;
  if (after !== undefined) return `${rid} <= ${placeOf(sql, after)} + ${numbers}`;
  const firsts = types.map((type) => `SELECT min(rid) AS first FROM resource WHERE deleted = 0 AND type = ${sql.bind(type)}`);
  return `${rid} <= (SELECT min(f.first) FROM (${unionAll(sql, firsts)}) f) + ${numbers}`;
}

/** The number of the resource at a position. */
function placeOf(sql: SqlWriter, { type, id }: CursorPosition): string {
  return `(SELECT x.rid FROM resource x WHERE x.key = ${sql.bind(resourceKeyOf(type, id))})`;
}
