/** The statements behind StateStore; each function runs in one transaction. Expired entries are passed over everywhere. */
import { isObject } from '../../fhir/resource.ts';
import type { StateEntry, StatePutOptions } from '../state-store.ts';
import { type Dialect, fixedSql, SqlWriter } from './dialect.ts';
import { clean } from './entry-rows.ts';
import { numberIn, type Row, type Steps, textOf } from './steps.ts';

type Value = Readonly<Record<string, unknown>>;

/** What every statement needs besides its own arguments. */
export interface StateContext {
  readonly dialect: Dialect;
  readonly nowMs: number;
}

const COLUMNS = 's.kind AS kind, s.id AS id, s.value AS value, s.consumed AS consumed, s.expires AS expires';

function live(sql: SqlWriter, nowMs: number, prefix = 's.'): string {
  return `(${prefix}expires IS NULL OR ${prefix}expires > ${sql.bind(nowMs)})`;
}

function entryOf(row: Row, read: (text: string) => Value = JSON.parse): StateEntry {
  return {
    kind: textOf(row, 'kind'),
    id: textOf(row, 'id'),
    value: read(textOf(row, 'value')),
    consumedAtMs: row.consumed === null ? null : numberIn(row, 'consumed'),
    expiresAtMs: row.expires === null ? null : numberIn(row, 'expires'),
  };
}

export function* hasState({ dialect, nowMs }: StateContext, kind: string, id: string): Steps<boolean> {
  return (yield { sql: hasSql(dialect), values: [clean(kind), clean(id), nowMs] }).length > 0;
}

const hasSql = fixedSql((dialect) => {
  const [kind, id, now] = [dialect.placeholder(1), dialect.placeholder(2), dialect.placeholder(3)];
  return `SELECT 1 FROM state WHERE kind = ${kind} AND id = ${id} AND (expires IS NULL OR expires > ${now})`;
});

export function* getState({ dialect, nowMs }: StateContext, kind: string, id: string): Steps<StateEntry | undefined> {
  const sql = new SqlWriter(dialect);
  const where = `s.kind = ${sql.bind(clean(kind))} AND s.id = ${sql.bind(clean(id))} AND ${live(sql, nowMs)}`;
  const [row] = yield { sql: `SELECT ${COLUMNS} FROM state s WHERE ${where}`, values: sql.values };
  return row === undefined ? undefined : entryOf(row);
}

export function* findState({ dialect, nowMs }: StateContext, kind: string, alias: string, value: string): Steps<StateEntry | undefined> {
  const sql = new SqlWriter(dialect);
  const named = `a.kind = ${sql.bind(clean(kind))} AND a.alias = ${sql.bind(clean(alias))} AND a.value = ${sql.bind(clean(value))}`;
  const from = `state_alias a JOIN state s ON s.kind = a.kind AND s.id = a.id WHERE ${named} AND ${live(sql, nowMs)}`;
  const [row] = yield { sql: `SELECT ${COLUMNS} FROM ${from}`, values: sql.values };
  return row === undefined ? undefined : entryOf(row);
}

/** Writes an entry, its value as JSON text, under an id that was never used, without expiry and aliases. */
export function* addState({ dialect }: StateContext, kind: string, id: string, text: string, group: string | null): Steps<void> {
  yield { sql: addSql(dialect), values: [clean(kind), clean(id), text, clean(group)] };
}

const addSql = fixedSql((dialect) => {
  const values = [1, 2, 3, 4].map((place) => dialect.placeholder(place)).join(', ');
  return `INSERT INTO state (kind, id, value, grp) VALUES (${values})`;
});

export function* putState(context: StateContext, kind: string, id: string, value: Value, options: StatePutOptions): Steps<void> {
  const replaced = 'value = excluded.value, grp = excluded.grp, expires = excluded.expires';
  yield insert(context, kind, id, value, options, (sql) => {
    const stays = `CASE WHEN ${live(sql, context.nowMs, 'state.')} THEN state.consumed END`;
    return `ON CONFLICT (kind, id) DO UPDATE SET ${replaced}, consumed = ${stays}`;
  });
  yield* putAliases(context.dialect, kind, id, options.aliases ?? {});
}

export function* insertStateIfAbsent(
  context: StateContext,
  kind: string,
  id: string,
  value: Value,
  options: StatePutOptions,
): Steps<boolean> {
  const replaced = 'value = excluded.value, grp = excluded.grp, expires = excluded.expires, consumed = NULL';
  const written = yield insert(context, kind, id, value, options, (sql) => {
    return `ON CONFLICT (kind, id) DO UPDATE SET ${replaced} WHERE state.expires <= ${sql.bind(context.nowMs)} RETURNING id`;
  });
  if (written.length === 0) return false;
  yield* putAliases(context.dialect, kind, id, options.aliases ?? {});
  return true;
}

function insert(
  { dialect }: StateContext,
  kind: string,
  id: string,
  value: Value,
  options: StatePutOptions,
  onConflict: (sql: SqlWriter) => string,
): { sql: string; values: SqlWriter['values'] } {
  const sql = new SqlWriter(dialect);
  const row = [clean(kind), clean(id), JSON.stringify(value), clean(options.group ?? null), options.expiresAtMs ?? null];
  const bound = row.map((column) => sql.bind(column)).join(', ');
  const text = `INSERT INTO state (kind, id, value, grp, expires) VALUES (${bound}) ${onConflict(sql)}`;
  return { sql: text, values: sql.values };
}

function* putAliases(dialect: Dialect, kind: string, id: string, aliases: Readonly<Record<string, string>>): Steps<void> {
  const gone = new SqlWriter(dialect);
  const named = `kind = ${gone.bind(clean(kind))} AND id = ${gone.bind(clean(id))}`;
  yield { sql: `DELETE FROM state_alias WHERE ${named}`, values: gone.values };
  for (const [alias, value] of Object.entries(aliases)) {
    const sql = new SqlWriter(dialect);
    const bound = [kind, alias, value, id].map((column) => sql.bind(clean(column))).join(', ');
    const text = `INSERT INTO state_alias (kind, alias, value, id) VALUES (${bound}) ON CONFLICT (kind, alias, value) DO UPDATE SET id = excluded.id`;
    yield { sql: text, values: sql.values };
  }
}

export function* consumeState({ dialect, nowMs }: StateContext, kind: string, id: string): Steps<boolean> {
  const sql = new SqlWriter(dialect);
  const set = `consumed = ${sql.bind(nowMs)}`;
  const where = `kind = ${sql.bind(clean(kind))} AND id = ${sql.bind(clean(id))} AND consumed IS NULL AND ${live(sql, nowMs, '')}`;
  const marked = yield { sql: `UPDATE state SET ${set} WHERE ${where} RETURNING id`, values: sql.values };
  return marked.length > 0;
}

/** Removes the entry; gives it back when it was live. */
export function* takeState({ dialect, nowMs }: StateContext, kind: string, id: string): Steps<StateEntry | undefined> {
  const sql = new SqlWriter(dialect);
  const where = `kind = ${sql.bind(clean(kind))} AND id = ${sql.bind(clean(id))}`;
  const [row] = yield { sql: `DELETE FROM state WHERE ${where} RETURNING kind, id, value, consumed, expires`, values: sql.values };
  yield { sql: `DELETE FROM state_alias WHERE ${where}`, values: sql.values };
  const entry = row === undefined ? undefined : entryOf(row);
  return entry !== undefined && (entry.expiresAtMs === null || entry.expiresAtMs > nowMs) ? entry : undefined;
}

/** Removes the entry, whatever its value has become. */
export function* removeState({ dialect }: StateContext, kind: string, id: string): Steps<void> {
  const values = [clean(kind), clean(id)];
  yield { sql: removeEntrySql(dialect), values };
  yield { sql: removeAliasesSql(dialect), values };
}

const deleting = (dialect: Dialect, table: string): string =>
  `DELETE FROM ${table} WHERE kind = ${dialect.placeholder(1)} AND id = ${dialect.placeholder(2)}`;
const removeEntrySql = fixedSql((dialect) => deleting(dialect, 'state'));
const removeAliasesSql = fixedSql((dialect) => deleting(dialect, 'state_alias'));

export function* removeStateGroup({ dialect }: StateContext, group: string, kind: string | undefined): Steps<number> {
  const sql = new SqlWriter(dialect);
  const ofKind = kind === undefined ? '' : ` AND kind = ${sql.bind(clean(kind))}`;
  return yield* removeWhere(`grp = ${sql.bind(clean(group))}${ofKind}`, sql);
}

export function* removeStateRange({ dialect }: StateContext, kind: string, fromId: string, toId: string): Steps<void> {
  yield { sql: removeRangeSql(dialect), values: [clean(kind), clean(fromId), clean(toId)] };
}

const removeRangeSql = fixedSql((dialect) => {
  const [kind, from, to] = [dialect.placeholder(1), dialect.placeholder(2), dialect.placeholder(3)];
  return `DELETE FROM state WHERE kind = ${kind} AND id >= ${from} AND id < ${to}`;
});

/** Removes expired entries, a part of them at a time, so that nobody waits for a million. @returns how many; fewer than a part when none is left. */
export function* sweepState({ dialect, nowMs }: StateContext): Steps<number> {
  yield { sql: sweepAliasesSql(dialect), values: [nowMs] };
  return (yield { sql: sweepSql(dialect), values: [nowMs, nowMs] }).length;
}

/** Entries that one step of a sweep removes. */
export const SWEPT_AT_A_TIME = 1000;
const expired = (placeholder: string): string => `(SELECT kind, id FROM state WHERE expires <= ${placeholder} LIMIT ${SWEPT_AT_A_TIME})`;
const sweepAliasesSql = fixedSql((dialect) => `DELETE FROM state_alias WHERE (kind, id) IN ${expired(dialect.placeholder(1))}`);
/** The time is asked twice: an entry that was written anew since it was found lives. */
const sweepSql = fixedSql((dialect) => {
  const [found, still] = [dialect.placeholder(1), dialect.placeholder(2)];
  return `DELETE FROM state WHERE (kind, id) IN ${expired(found)} AND expires <= ${still} RETURNING 1 AS gone`;
});

function* removeWhere(where: string, { values }: SqlWriter): Steps<number> {
  const aliases = `DELETE FROM state_alias WHERE EXISTS (SELECT 1 FROM state s WHERE s.kind = state_alias.kind AND s.id = state_alias.id AND ${where.replaceAll(/\b(grp|kind|expires) /g, 's.$1 ')})`;
  yield { sql: aliases, values };
  return (yield { sql: `DELETE FROM state WHERE ${where} RETURNING id`, values }).length;
}

export function* listState({ dialect, nowMs }: StateContext, kind: string, limit: number, afterId: string): Steps<StateEntry[]> {
  const sql = new SqlWriter(dialect);
  const where = `s.kind = ${sql.bind(clean(kind))} AND s.id > ${sql.bind(clean(afterId))} AND ${live(sql, nowMs)}`;
  const rows = yield { sql: `SELECT ${COLUMNS} FROM state s WHERE ${where} ORDER BY s.id ${sql.limit(limit)}`, values: sql.values };
  return rows.map((row) => entryOf(row, readable));
}

/** One damaged entry does not keep the others from being listed. */
function readable(text: string): Value {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : { damaged: text };
  } catch {
    return { damaged: text };
  }
}
