/**
 * What `entry.target` holds of the resource that is pointed at: its number on SQLite, where the entries that point at what
 * was created together then lie together; the key by which it is found on PostgreSQL, where any process may point at what
 * another is creating.
 */
import type { SqlWriter } from './dialect.ts';

/** The condition that `column`, a target, is one of the resources with these keys. */
export function pointsAt(sql: SqlWriter, column: string, keys: readonly bigint[]): string {
  if (keys.length === 0) return '1 = 0';
  if (sql.dialect.target === 'key') return sql.among(column, keys);
  const x = sql.alias('x');
  const found = `(SELECT ${x}.rid FROM resource ${x} WHERE ${sql.among(`${x}.key`, keys)})`;
  return keys.length === 1 ? `${column} = ${found}` : `${column} IN ${found}`;
}

/** What entries that point at the resource numbered `rid` (an SQL expression) hold. */
export function targetOf(sql: SqlWriter, rid: string): string {
  return sql.dialect.target === 'rid' ? rid : `(SELECT x.key FROM resource x WHERE x.rid = ${rid})`;
}

/** The same for each `rid` of the table `source`, as what is to be joined to it (a table, or nothing) and the target. */
export function joinedTarget(sql: SqlWriter, source: string): { readonly from: string; readonly target: string } {
  if (sql.dialect.target === 'rid') return { from: '', target: `${source}.rid` };
  const x = sql.alias('x');
  return { from: ` JOIN resource ${x} ON ${x}.rid = ${source}.rid`, target: `${x}.key` };
}

/**
 * The condition that the reference in the row `entry` leads to the row `resource`. It is gone from the reference to what it
 * leads to: where a caller sees thousands of people, to go the other way from all of them for each candidate took seconds.
 */
export function leadsTo(sql: SqlWriter, entry: string, resource: string): string {
  return `${resource}.${sql.dialect.target} = ${sql.dialect.plain(`${entry}.target`)}`;
}

/**
 * Whether a row of `entry` that fulfils `points` leads to the row of a current `resource` that fulfils `holds`. Where PostgreSQL
 * knows little of the tables, it would begin a join with all that could be led to: the one stands within the other there, and
 * is found by what the reference holds alone. SQLite joins in the order written, and takes no SQL that is nested very deep.
 */
export function leadsOn(sql: SqlWriter, entry: string, points: string, resource: string, holds: string): string {
  const { target, probe } = sql.dialect;
  const leads = leadsTo(sql, entry, resource);
  if (target === 'rid')
    return probe(
      `SELECT 1 FROM entry ${entry} CROSS JOIN resource ${resource} WHERE ${points} AND ${leads} AND ${resource}.deleted = 0 AND ${holds}`,
    );
  const there = probe(`SELECT 1 FROM resource ${resource} WHERE ${leads} AND ${resource}.deleted + 0 = 0 AND ${holds}`);
  return probe(`SELECT 1 FROM entry ${entry} WHERE ${points} AND ${there}`);
}
