/** Which rows belong to parameters and types, as SQL. */
import { any } from './compile-test.ts';
import type { SqlWriter } from './dialect.ts';
import { containedKeyOf, paramKeyOf } from './keys.ts';

/** The row is of one of the parameters of one of the types. */
export function paramIn(sql: SqlWriter, alias: string, params: readonly string[], types: readonly string[]): string {
  return keyIn(sql, alias, params, types, paramKeyOf);
}

/** The row is of one of the parameters of something contained of one of the types. */
export function containedParamIn(sql: SqlWriter, alias: string, params: readonly string[], types: readonly string[]): string {
  return keyIn(sql, alias, params, types, containedKeyOf);
}

function keyIn(
  sql: SqlWriter,
  alias: string,
  params: readonly string[],
  types: readonly string[],
  keyOf: (type: string, param: string) => number,
): string {
  const keys = types.flatMap((type) => params.map((param) => keyOf(type, param)));
  if (keys.length === 1) return `${alias}.param = ${sql.bind(keys[0] as number)}`;
  return sql.dialect.inIntegers(`${alias}.param`, sql.bind(keys.map(BigInt)));
}

/** The row of `resource` is of one of the types. */
export function typeIn(sql: SqlWriter, alias: string, types: readonly string[]): string {
  return isOneOf(sql, `${alias}.type`, types);
}

/** The row of `entry` is a reference to something contained of one of the types. */
export function leadsInside(sql: SqlWriter, alias: string, types: readonly string[]): string {
  return `${alias}.sys < 0 AND ${isOneOf(sql, `${alias}.label`, types)}`;
}

function isOneOf(sql: SqlWriter, column: string, types: readonly string[]): string {
  if (types.length === 1) return `${column} = ${sql.bind(types[0] as string)}`;
  return types.length === 0 ? any([]) : `${column} IN (${types.map((type) => sql.bind(type)).join(', ')})`;
}
