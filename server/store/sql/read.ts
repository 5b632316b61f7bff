/** Reading single versions and history: the statements behind the reading half of ResourceStore. */
import type { ResourceKey } from '../../fhir/resource.ts';
import type { HistoryPage, HistoryQuery, StoredVersion } from '../resource-store.ts';
import { columnsWithin, fitting, withTexts } from './bounded-texts.ts';
import { all } from './compile-test.ts';
import { type Dialect, fixedSql, SqlWriter } from './dialect.ts';
import { resourceKeyOf } from './keys.ts';
import { isSettled } from './settled.ts';
import { numberIn, type Row, type Steps, textOf } from './steps.ts';
import { VERSION_COLUMNS, versionOf } from './version-row.ts';

const currentOf = (dialect: Dialect): string => `resource r CROSS JOIN version v WHERE ${dialect.currentVersion('r', 'v')}`;

/** The current version, a deletion counting as one. */
export function* readSteps(dialect: Dialect, type: string, id: string): Steps<StoredVersion | undefined> {
  return only(yield { sql: currentSql(dialect), values: [resourceKeyOf(type, id)] }, type, id);
}

const currentSql = fixedSql((dialect) => `SELECT ${VERSION_COLUMNS} FROM ${currentOf(dialect)} AND r.key = ${dialect.placeholder(1)}`);

/** The resource's number in the tables. */
function ridOf(sql: SqlWriter, type: string, id: string): string {
  return `(SELECT r.rid FROM resource r WHERE r.key = ${sql.bind(resourceKeyOf(type, id))})`;
}

/** Current versions by key, deletions included, missing ones left out; in the order of `keys`, without repeats; as many as fit. */
export function* readManySteps(dialect: Dialect, keys: readonly ResourceKey[], bytesMax?: number): Steps<StoredVersion[]> {
  const [first, second] = keys;
  if (first === undefined) return [];
  if (second === undefined) {
    const version = yield* readSteps(dialect, first.type, first.id);
    return version === undefined ? [] : [version];
  }
  const wanted = new Map(keys.map((key) => [`${key.type}/${key.id}`, resourceKeyOf(key.type, key.id)]));
  const sql = new SqlWriter(dialect);
  const select = `SELECT ${columnsWithin(bytesMax)} FROM ${currentOf(dialect)} AND ${sql.among('r.key', [...wanted.values()])}`;
  const found = new Map<string, Row>();
  for (const row of yield { sql: select, values: sql.values }) found.set(`${textOf(row, 'type')}/${textOf(row, 'id')}`, row);
  const rows = [...wanted.keys()].map((name) => found.get(name)).filter((row) => row !== undefined);
  return (yield* withTexts(dialect, fitting(rows, bytesMax))).map(versionOf);
}

/** One version, current or not. */
export function* readVersionSteps(dialect: Dialect, type: string, id: string, versionId: number): Steps<StoredVersion | undefined> {
  if (!Number.isInteger(versionId) || versionId < 1 || versionId > 2 ** 31 - 1) return undefined;
  const sql = new SqlWriter(dialect);
  const where = `v.rid = ${ridOf(sql, type, id)} AND v.version_id = ${sql.bind(versionId)}`;
  return only(yield { sql: `SELECT ${VERSION_COLUMNS} FROM version v WHERE ${where}`, values: sql.values }, type, id);
}

function only(rows: readonly Row[], type: string, id: string): StoredVersion | undefined {
  const version = rows[0] === undefined ? undefined : versionOf(rows[0]);
  return version?.type === type && version.id === id ? version : undefined;
}

/** A page of history, newest first, with the number of all versions that the query matches. */
export function* historySteps(dialect: Dialect, query: HistoryQuery): Steps<HistoryPage> {
  const counting = new SqlWriter(dialect);
  const [counted] = yield {
    sql: `SELECT count(*) AS total FROM version v WHERE ${historyWhere(counting, withoutSettled(query))}`,
    values: counting.values,
  };
  const total = numberIn(counted as Row, 'total');
  if (query.limit <= 0) return { versions: [], more: total > 0, total };
  const sql = new SqlWriter(dialect);
  const isBackwards = query.afterSequence !== undefined;
  const below = query.beforeSequence === undefined ? '' : ` AND v.seq < ${sql.bind(query.beforeSequence)}`;
  const above = query.afterSequence === undefined ? '' : ` AND v.seq > ${sql.bind(query.afterSequence)}`;
  const order = `ORDER BY v.seq ${isBackwards ? 'ASC' : 'DESC'} ${sql.limit(query.limit + 1)}`;
  const deleted = `d.rid = v.rid AND d.version_id = v.version_id - 1 AND d.method = 'DELETE'`;
  const columns = `${columnsWithin(query.bytesMax)}, v.seq AS seq, (SELECT count(*) FROM version d WHERE ${deleted}) AS deleted`;
  const where = `${historyWhere(sql, query)}${below}${above} ${order}`;
  const rows = yield { sql: `SELECT ${columns} FROM version v WHERE ${where}`, values: sql.values };
  const kept = fitting(rows.slice(0, query.limit), query.bytesMax);
  const versions = (yield* withTexts(dialect, kept)).map((row) => {
    const version = versionOf(row);
    return { ...version, sequence: numberIn(row, 'seq'), isNew: version.versionId === 1 || numberIn(row, 'deleted') > 0 };
  });
  return { versions: isBackwards ? versions.toReversed() : versions, more: rows.length > kept.length, total };
}

/** To count those that are settled would read each version, not the index alone: of what is written just now, some may be counted too. */
const withoutSettled = ({ settledMs: _, ...query }: HistoryQuery): HistoryQuery => query;

function historyWhere(sql: SqlWriter, query: HistoryQuery): string {
  const conditions: string[] = [];
  if (query.type !== undefined && query.id !== undefined) conditions.push(`v.rid = ${ridOf(sql, query.type, query.id)}`);
  else if (query.type !== undefined) conditions.push(`v.type = ${sql.bind(query.type)}`);
  if (query.sinceMs !== undefined) conditions.push(`v.updated >= ${sql.bind(query.sinceMs)}`);
  if (query.settledMs !== undefined) conditions.push(isSettled(sql, 'v.updated', query.settledMs));
  if (query.at !== undefined) {
    const replaced = `n.rid = v.rid AND n.version_id = v.version_id + 1 AND n.updated <= ${sql.bind(query.at.lowMs)}`;
    conditions.push(`v.updated <= ${sql.bind(query.at.highMs)}`, `NOT EXISTS (SELECT 1 FROM version n WHERE ${replaced})`);
  }
  return all(conditions);
}

/** The next versions after a sequence number, in the order of writing. */
export function* versionsSteps(
  dialect: Dialect,
  after: number,
  upTo: number,
  limit: number,
): Steps<(StoredVersion & { sequence: number })[]> {
  const sql = new SqlWriter(dialect);
  const where = `v.seq > ${sql.bind(after)} AND v.seq <= ${sql.bind(upTo)} ORDER BY v.seq ${sql.limit(limit)}`;
  const rows = yield { sql: `SELECT ${VERSION_COLUMNS}, v.seq AS seq FROM version v WHERE ${where}`, values: sql.values };
  return rows.map((row) => ({ ...versionOf(row), sequence: numberIn(row, 'seq') }));
}

/** The highest sequence number that has been given; 0 when there is none. */
export function* lastSequenceSteps(): Steps<number> {
  const [row] = yield { sql: 'SELECT max(seq) AS seq FROM version', values: [] };
  return Number(row?.seq ?? 0);
}

/** The number of the resource created last; 0 when there is none. */
export function* lastResourceSteps(): Steps<number> {
  const [row] = yield { sql: 'SELECT max(rid) AS rid FROM resource', values: [] };
  return Number(row?.rid ?? 0);
}

/** A current resource to be indexed again. */
export interface CurrentResource {
  readonly rid: number;
  readonly type: string;
  readonly json: string;
}

/**
 * The next current resources after a number, in the order of creation; `hold` is SQL that keeps them from being changed.
 * They are held first and read then: what was changed while waiting for the hold is read as it is now.
 */
export function* currentSteps(dialect: Dialect, after: number, upTo: number, limit: number, hold: string): Steps<CurrentResource[]> {
  const holding = new SqlWriter(dialect);
  const within = `rid > ${holding.bind(after)} AND rid <= ${holding.bind(upTo)} AND deleted = 0`;
  const select = `SELECT rid FROM resource WHERE ${within} ORDER BY rid ${holding.limit(limit)}${hold}`;
  const held = (yield { sql: select, values: holding.values }).map((row) => BigInt(numberIn(row, 'rid')));
  const sql = new SqlWriter(dialect);
  const where = `${dialect.inIntegers('r.rid', sql.bind(held))} ORDER BY r.rid`;
  const rows = yield {
    sql: `SELECT r.rid AS rid, r.type AS type, v.json AS json FROM ${currentOf(dialect)} AND ${where}`,
    values: sql.values,
  };
  return rows.map((row) => ({ rid: numberIn(row, 'rid'), type: textOf(row, 'type'), json: textOf(row, 'json') }));
}
