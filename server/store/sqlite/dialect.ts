/** SQLite's way of saying what sql/ leaves open. Spec: https://sqlite.org/lang.html */
import type { Dialect } from '../sql/dialect.ts';

export const sqliteDialect: Dialect = {
  placeholder: (n) => `?${n}`,
  inIntegers: (column, placeholder) => `${column} IN (SELECT value FROM json_each(${placeholder}))`,
  contains: (column, placeholder) => `instr(${column}, ${placeholder}) > 0`,
  probe: (select) => `EXISTS (${select})`,
  /** A unary plus keeps the planner from choosing an index by this column. */
  plain: (column) => `+${column}`,
};
