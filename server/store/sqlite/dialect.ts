/** SQLite's way of saying what sql/ leaves open. Spec: https://sqlite.org/lang.html · https://sqlite.org/optoverview.html#crossjoin */
import type { Dialect } from '../sql/dialect.ts';

export const sqliteDialect: Dialect = {
  placeholder: (n) => `?${n}`,
  inIntegers: (column, placeholder) => `${column} IN (SELECT value FROM json_each(${placeholder}))`,
  writtenOutUpTo: 8,
  contains: (column, placeholder) => `instr(${column}, ${placeholder}) > 0`,
  probe: (select) => `EXISTS (${select})`,
  /** The tables of a CROSS JOIN are looped over in the order they are written; sorting once more would copy every resource. */
  orderOfJoin: () => '',
  /** They are merged, each read as far as it is needed. */
  inOrder: (select) => select,
  fence: (select) => select,
  inTime: (column) => `in_time(${column})`,
  lookedUp: (column, select) => `+${column} IN (${select})`,
  /** A unary plus keeps the planner from choosing an index by this column. */
  plain: (column) => `+${column}`,
  target: 'rid',
  currentVersion: (resource, version) => `${version}.seq = ${resource}.seq`,
  joinsTexts: true,
};
