/** References followed forwards and backwards: what `_include` and `_revinclude` ask of the store. */
import type { ResourceKey } from '../../fhir/resource.ts';
import type { Referred } from '../resource-store.ts';
import { BOUNDED_COLUMNS, isLarge } from './bounded-texts.ts';
import { all, any } from './compile-test.ts';
import { type Dialect, type SqlValue, SqlWriter } from './dialect.ts';
import { paramKeyOf, resourceKeyOf } from './keys.ts';
import { type Row, type Statement, type Steps, textOf } from './steps.ts';
import { pointsAt } from './targets.ts';
import { versionOf } from './version-row.ts';
import { WrittenOnce } from './written-once.ts';

/** What references are followed from, and which of them. */
interface Following {
  readonly sources: readonly ResourceKey[];
  /** Undefined: all of them. */
  readonly params: readonly string[] | undefined;
  readonly targetType: string | undefined;
}

/** Up to so many that are pointed at are read with their texts at once: what pages lead to. Of more, some may be needed by nobody. */
const FEW = 250;

/** Current resources that `sources` point at, in no particular order: their versions where they are few and not large. */
export function* referencesFromSteps(
  dialect: Dialect,
  sources: readonly ResourceKey[],
  params: readonly string[] | undefined,
  targetType: string | undefined,
): Steps<readonly Referred[]> {
  if (sources.length === 0 || params?.length === 0) return [];
  const following = { sources, params, targetType };
  const write = () => versionsStatement(dialect, following);
  const versions = yield fromOne(dialect, following, write) ?? write();
  if (versions.length <= FEW) return versions.map((row) => (isLarge(row) ? keyOf(row) : versionOf(row)));
  return (yield keysStatement(dialect, following)).map(keyOf);
}

const texts = new WrittenOnce();

/** From one resource by a few parameters, as is asked for by nearly every `_include`; undefined for anything else. */
function fromOne(dialect: Dialect, { sources, params, targetType }: Following, write: () => Statement): Statement | undefined {
  const [only] = sources;
  if (only === undefined || sources.length > 1 || params === undefined || params.length > (dialect.writtenOutUpTo ?? 0)) return undefined;
  const values: SqlValue[] = [resourceKeyOf(only.type, only.id), ...paramKeysOf(only.type, params)];
  if (targetType !== undefined) values.push(targetType);
  return texts.statement(dialect, 2 * params.length + (targetType === undefined ? 0 : 1), values, write);
}

function versionsStatement(dialect: Dialect, following: Following): Statement {
  const sql = new SqlWriter(dialect);
  const { from, where } = targetsOf(sql, following);
  const version = `CROSS JOIN version v WHERE ${where} AND ${dialect.currentVersion('r', 'v')}`;
  return { sql: `SELECT ${BOUNDED_COLUMNS} FROM ${from} ${version} ${sql.limit(FEW + 1)}`, values: sql.values };
}

function keysStatement(dialect: Dialect, following: Following): Statement {
  const sql = new SqlWriter(dialect);
  const { from, where } = targetsOf(sql, following);
  return { sql: `SELECT r.type AS type, r.id AS id FROM ${from} WHERE ${where}`, values: sql.values };
}

/** The current resources `r` that are pointed at. */
function targetsOf(sql: SqlWriter, following: Following): { readonly from: string; readonly where: string } {
  const { dialect } = sql;
  const from = `(${dialect.fence(pointedAt(sql, following))}) k CROSS JOIN resource r`;
  return { from, where: `r.${dialect.target} = k.target AND r.deleted = 0` };
}

/** What the entries of the sources hold as their target, without repeats. */
function pointedAt(sql: SqlWriter, { sources, params, targetType }: Following): string {
  const alternatives = [...Map.groupBy(sources, (key) => key.type)].map(([type, keys]) => {
    const wanted = keys.map((key) => resourceKeyOf(key.type, key.id));
    const within = `e.rid ${keys.length === 1 ? '=' : 'IN'} (SELECT x.rid FROM resource x WHERE ${sql.among('x.key', wanted)})`;
    return all([within, params === undefined ? isOwn('e') : sql.among('e.param', paramKeysOf(type, params))]);
  });
  const ofType = targetType === undefined ? [] : [`e.label = ${sql.bind(targetType)}`];
  return `SELECT DISTINCT e.target AS target FROM entry e WHERE ${all([any(alternatives), 'e.target IS NOT NULL', ...ofType])}`;
}

const paramKeysOf = (type: string, params: readonly string[]): readonly bigint[] => params.map((param) => BigInt(paramKeyOf(type, param)));

/** The row is of the resource itself, not of one that it contains: those are no part of the answer to "any parameter". */
const isOwn = (alias: string): string => `(${alias}.part IS NULL OR ${alias}.part >= 0)`;

const keyOf = (row: Row): ResourceKey => ({ type: textOf(row, 'type'), id: textOf(row, 'id') });

/** Current resources that point at one of `targets`, in key order. */
export function* referencesToSteps(
  dialect: Dialect,
  targets: readonly ResourceKey[],
  type: string | undefined,
  param: string | undefined,
  limit: number,
): Steps<readonly ResourceKey[]> {
  if (targets.length === 0 || limit <= 0) return [];
  if (param !== undefined && type === undefined) throw new TypeError('A search parameter is one of a type: name the type as well.');
  const sql = new SqlWriter(dialect);
  const keys = targets.map((key) => resourceKeyOf(key.type, key.id));
  const pointing = [pointsAt(sql, 'e.target', keys)];
  pointing.push(type !== undefined && param !== undefined ? `e.param = ${sql.bind(paramKeyOf(type, param))}` : isOwn('e'));
  const ofType = type === undefined ? '' : ` AND r.type = ${sql.bind(type)}`;
  const rids = `SELECT DISTINCT e.rid AS rid FROM entry e WHERE ${all(pointing)}`;
  const select = `SELECT r.type AS type, r.id AS id FROM (${rids}) k CROSS JOIN resource r WHERE r.rid = k.rid${ofType} ORDER BY r.rid ${sql.limit(limit)}`;
  return (yield { sql: select, values: sql.values }).map(keyOf);
}
