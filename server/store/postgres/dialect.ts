/** PostgreSQL's way of saying what sql/ leaves open. Spec: https://www.postgresql.org/docs/18/sql.html */
import type { Dialect } from '../sql/dialect.ts';

export const postgresDialect: Dialect = {
  placeholder: (n) => `$${n}`,
  inIntegers: (column, placeholder) => `${column} = ANY(${placeholder}::bigint[])`,
  contains: (column, placeholder) => `position(${placeholder} IN ${column}) > 0`,
  /** OFFSET keeps the planner from turning the probe into a join over everything the condition matches. */
  probe: (select) => `EXISTS (${select} OFFSET 0)`,
  orderOfJoin: (terms) => ` ORDER BY ${terms}`,
  /** Each is planned by itself, and would be read whole and sorted. */
  inOrder: (select, order) => `(${select} ${order})`,
  /** Nested sources would otherwise become one join of many tables, whose order alone takes longer to choose than the search to run; or be run once for each row joined. */
  fence: (select) => `WITH once AS MATERIALIZED (${select}) SELECT * FROM once`,
  /** Within a function it stays a hashed list. As a join it comes to be a condition of an index, for which a list of thousands is put in order for each candidate. */
  lookedUp: (column, select) => `coalesce(${column} IN (${select}), false)`,
  plain: (column) => column,
  target: 'key',
  asksFewAtOnce: true,
  givesBytes: true,
  /** A statement whose list has a length that is not known beforehand is planned anew each time. */
  writtenOutUpTo: 8,
  /** By way of the resource: from another table that has the `rid`, the planner would go to all versions of the resource, taking them to be few. */
  currentVersion: (resource, version) => `${version}.rid = ${resource}.rid + 0 AND ${version}.version_id = ${resource}.version_id`,
};
