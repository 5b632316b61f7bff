/** PostgreSQL's way of saying what sql/ leaves open. Spec: https://www.postgresql.org/docs/18/sql.html */
import type { Dialect } from '../sql/dialect.ts';

export const postgresDialect: Dialect = {
  placeholder: (n) => `$${n}`,
  inIntegers: (column, placeholder) => `${column} = ANY(${placeholder}::bigint[])`,
  contains: (column, placeholder) => `position(${placeholder} IN ${column}) > 0`,
  /** OFFSET keeps the planner from turning the probe into a join over everything the condition matches. */
  probe: (select) => `EXISTS (${select} OFFSET 0)`,
  orderOfJoin: (terms) => ` ORDER BY ${terms}`,
  plain: (column) => column,
};
