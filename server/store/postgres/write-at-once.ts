/**
 * A plan that searches for nothing, written by one statement: locks, versions, index rows and state in one round trip and
 * one commit; where resources are updated, by one more for their index rows. It takes its locks only if they are free, and writes only what follows the current versions; otherwise it
 * writes nothing, and the plan is run with locks that are waited for (see transact.ts).
 *
 * What was read beforehand was read without locks. That is enough, because the plan writes all of it: the database holds
 * each version against the newest one when it changes the row, whatever the statement's snapshot shows.
 *
 * Spec: https://www.postgresql.org/docs/18/queries-with.html#QUERIES-WITH-MODIFYING · https://www.postgresql.org/docs/18/transaction-iso.html#XACT-READ-COMMITTED
 */
import type { ResourceKey } from '../../fhir/resource.ts';
import type { Lookups, ResourceWrite, StateAddition } from '../resource-store.ts';
import { SqlWriter } from '../sql/dialect.ts';
import { clean, entryRows } from '../sql/entry-rows.ts';
import { resourceKeyOf } from '../sql/keys.ts';
import type { Row, Statement } from '../sql/steps.ts';
import { codeOf, isRetryable, isStopped } from './connection.ts';
import { postgresDialect } from './dialect.ts';
import type { Locks } from './locks.ts';
import type { SharedCommits } from './shared-commits.ts';
import type { Session } from './transaction.ts';
import { ENTRY_COLUMNS, unnest } from './write.ts';

/** More than this are rare, and each number of them is a statement of its own. */
const WRITES_AT_MOST = 50;
/** A change and its Provenance: more would keep the others waiting. */
const SHARED_AT_MOST = 2;
const DIVISION_BY_ZERO = '22012';

/** True when a plan that looks this up and writes that can be written so. */
export function canBeAtOnce({ versions = [], searches = [] }: Lookups, writes: readonly ResourceWrite[]): boolean {
  const isWritten = ({ type, id }: ResourceKey): boolean => writes.some((write) => write.type === type && write.id === id);
  return searches.length === 0 && fitsAtOnce(writes) && versions.every(isWritten);
}

/**
 * True when what is written may share a transaction with what other plans write: by the transaction that wrote a row each
 * tells its own update from another's (see replaceStatement), so no two of them may update the same. Those that have
 * looked it up do not come at the same time (see transact.ts).
 */
export function mayShare({ versions = [] }: Lookups, writes: readonly ResourceWrite[]): boolean {
  const isLookedUp = ({ type, id }: ResourceKey): boolean => versions.some((key) => type === key.type && id === key.id);
  return writes.length <= SHARED_AT_MOST && writes.every((write) => write.versionId === 1 || isLookedUp(write));
}

/** True when so many can be written by one statement. */
export function fitsAtOnce(writes: readonly ResourceWrite[]): boolean {
  return writes.length > 0 && writes.length <= WRITES_AT_MOST;
}

/** Writes all, or nothing. @param isShared in a transaction with others (see mayShare). @returns false when nothing was written, because a lock was not free, a version did not follow or it took as long as no search may. */
export async function writeAtOnce(
  commits: SharedCommits,
  writes: readonly ResourceWrite[],
  state: readonly StateAddition[],
  locks: Locks,
  isShared: boolean,
): Promise<boolean> {
  try {
    const [rows] = await commits.commit(statementsOf(writes, state, locks), isShared);
    return isComplete(rows);
  } catch (error) {
    if (hasWrittenNothing(error)) return false;
    throw error;
  }
}

/** The same in a transaction that has found what the writes were decided by, at its end. */
export async function commitAtOnce(
  session: Session,
  writes: readonly ResourceWrite[],
  state: readonly StateAddition[],
  locks: Locks,
): Promise<boolean> {
  try {
    const [rows] = await session.commit(statementsOf(writes, state, locks));
    return isComplete(rows);
  } catch (error) {
    if (hasWrittenNothing(error)) return false;
    throw error;
  }
}

const isComplete = (rows: readonly Row[] | undefined): boolean => rows?.[0]?.complete === 1;

function hasWrittenNothing(error: unknown): boolean {
  return codeOf(error) === DIVISION_BY_ZERO || isRetryable(error) || isStopped(error);
}

function statementsOf(writes: readonly ResourceWrite[], state: readonly StateAddition[], locks: Locks): readonly Statement[] {
  const updated = writes.filter((write) => write.versionId > 1);
  return [statementOf(writes, state, locks), ...(updated.length === 0 ? [] : [replaceStatement(updated)])];
}

function statementOf(writes: readonly ResourceWrite[], state: readonly StateAddition[], locks: Locks): Statement {
  const sql = new SqlWriter(postgresDialect);
  const parts = [`free AS MATERIALIZED (${freeLocks(sql, locks)})`, `w (${WRITTEN}) AS (VALUES ${written(sql, writes)})`];
  const isFree = '(SELECT ok FROM free)';
  const current = 'key, type, id, version_id, updated, deleted';
  const created = writes.some((write) => write.versionId === 1);
  const updated = writes.some((write) => write.versionId > 1);
  if (created) {
    const isNew = 'w.version_id = 1 AND NOT EXISTS (SELECT 1 FROM resource r WHERE r.key = w.key)';
    parts.push(
      `made AS (INSERT INTO resource (${current}) SELECT ${current} FROM w WHERE ${isFree} AND ${isNew} ORDER BY place RETURNING rid, key)`,
    );
  }
  if (updated) {
    const follows = 'r.key = w.key AND r.type = w.type AND r.id = w.id AND r.version_id = w.version_id - 1 AND w.version_id > 1';
    const set = 'version_id = w.version_id, updated = w.updated, deleted = w.deleted';
    parts.push(`changed AS (UPDATE resource r SET ${set} FROM w WHERE ${isFree} AND ${follows} RETURNING r.rid, r.key)`);
  }
  const kept = [...(created ? ['made'] : []), ...(updated ? ['changed'] : [])].map((name) => `SELECT rid, key FROM ${name}`);
  parts.push(`kept AS (${kept.join(' UNION ALL ')})`);
  const version = 'rid, w.version_id, w.type, w.id, w.updated, w.method, w.json';
  parts.push(
    `versions AS (INSERT INTO version (rid, version_id, type, id, updated, method, json) SELECT k.${version} FROM w JOIN kept k ON k.key = w.key ORDER BY w.place)`,
  );
  const fresh = freshRows(
    sql,
    writes.map((write) => (write.versionId === 1 ? write : undefined)),
  );
  if (fresh !== undefined) parts.push(`entries AS (INSERT INTO entry (${ENTRY_NAMES}) ${fresh})`);
  if (state.length > 0) parts.push(`added AS (${additions(sql, state)} WHERE EXISTS (SELECT 1 FROM kept))`);
  return { sql: `WITH ${parts.join(', ')} SELECT ${completeOf(writes.length, isFree)} AS complete FROM kept`, values: sql.values };
}

/** 1 when all was written, 0 when nothing was. What is written in part fails, and takes along what the same statement has written. */
function completeOf(writes: number, isFree: string): string {
  if (writes === 1) return 'count(*)::int';
  return `CASE WHEN NOT ${isFree} THEN 0 ELSE 1 / (CASE WHEN count(*) = ${writes} THEN 1 ELSE 0 END) END`;
}

function freeLocks(sql: SqlWriter, locks: Locks): string {
  const shared = [...locks.values()].map((mode) => (mode === 'shared' ? 1n : 0n));
  const from = `unnest(${sql.bind([...locks.keys()])}::bigint[], ${sql.bind(shared)}::bigint[]) AS k (key, shared)`;
  const taken = 'CASE WHEN k.shared = 1 THEN pg_try_advisory_xact_lock_shared(k.key) ELSE pg_try_advisory_xact_lock(k.key) END';
  return `SELECT coalesce(bool_and(${taken}), true) AS ok FROM ${from}`;
}

const WRITTEN = 'place, key, type, id, version_id, updated, deleted, method, json';
const WRITTEN_TYPES = ['int', 'bigint', 'text', 'text', 'int', 'bigint', 'smallint', 'text', 'text'];

function written(sql: SqlWriter, writes: readonly ResourceWrite[]): string {
  const rows = writes.map(({ type, id, versionId, lastUpdatedMs, method, json }, place) => {
    const values = [place, resourceKeyOf(type, id), type, id, versionId, lastUpdatedMs, json === null ? 1 : 0, method, json];
    return `(${values.map((value, column) => `${sql.bind(value)}::${WRITTEN_TYPES[column]}`).join(', ')})`;
  });
  return rows.join(', ');
}

/**
 * Replaces the index rows of resources that this transaction has just updated. A statement of its own: it sees the rows as
 * they are since the update holds the resource, also those that a `reindex` made anew in the moment before. Most rows
 * stay as they were from one version to the next, and are left: each that is taken away and written again costs an entry
 * in four indexes.
 */
function replaceStatement(updated: readonly ResourceWrite[]): Statement {
  const sql = new SqlWriter(postgresDialect);
  const keys = sql.bind(updated.map((write) => resourceKeyOf(write.type, write.id)));
  const kept = `kept AS (SELECT rid, key FROM resource WHERE key = ANY(${keys}::bigint[]) AND xmin = pg_current_xact_id()::xid)`;
  const w = `w (place, key) AS (SELECT place - 1, key FROM unnest(${keys}::bigint[]) WITH ORDINALITY AS u (key, place))`;
  const fresh = freshRows(sql, updated);
  const ofThem = 'DELETE FROM entry o WHERE o.rid IN (SELECT rid FROM kept)';
  if (fresh === undefined) return { sql: `WITH ${kept} ${ofThem}`, values: sql.values };
  const columns = (alias: string): string => ENTRY_COLUMNS.map(([name]) => `${alias}.${name}`).join(', ');
  const isSame = `o.rid = f.rid AND o.param = f.param AND o.n = f.n AND (${columns('o')}) IS NOT DISTINCT FROM (${columns('f')})`;
  const parts = [
    kept,
    w,
    `compared AS MATERIALIZED (SELECT f.*, o.ctid AS place FROM (${fresh}) f LEFT JOIN entry o ON ${isSame})`,
    `gone AS (${ofThem} AND NOT EXISTS (SELECT 1 FROM compared c WHERE c.place = o.ctid))`,
  ];
  const add = `INSERT INTO entry (${ENTRY_NAMES}) SELECT ${ENTRY_NAMES} FROM compared WHERE place IS NULL`;
  return { sql: `WITH ${parts.join(', ')} ${add}`, values: sql.values };
}

const ENTRY_NAMES = ['rid', ...ENTRY_COLUMNS.map(([name]) => name)].join(', ');

/** A select of the index rows of writes, which are known by their place in `w`. @returns undefined when there are none. */
function freshRows(sql: SqlWriter, writes: readonly (ResourceWrite | undefined)[]): string | undefined {
  const rows = writes.flatMap((write, place) =>
    write === undefined ? [] : entryRows(write.type, write.index, resourceKeyOf).map((row) => ({ place, row })),
  );
  if (rows.length === 0) return undefined;
  const names = ENTRY_COLUMNS.map(([name]) => name);
  const columns = ENTRY_COLUMNS.map(([name, type]) => [type, rows.map(({ row }) => row[name])] as const);
  const from = unnest(sql, [['int', rows.map(({ place }) => place)], ...columns]);
  const selected = names.map((name) => `e.${name}`).join(', ');
  return `SELECT k.rid, ${selected} FROM ${from} AS e (place, ${names.join(', ')}) JOIN w ON w.place = e.place JOIN kept k ON k.key = w.key`;
}

function additions(sql: SqlWriter, state: readonly StateAddition[]): string {
  const columns = [
    ['text', state.map(({ kind }) => clean(kind))],
    ['text', state.map(({ id }) => clean(id))],
    ['text', state.map(({ value }) => JSON.stringify(value))],
    ['text', state.map(({ group }) => clean(group ?? null))],
  ] as const;
  return `INSERT INTO state (kind, id, value, grp) SELECT * FROM ${unnest(sql, columns)}`;
}
