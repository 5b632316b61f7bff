/**
 * The texts of the statements that write a plan at once (see write-at-once.ts), written once for each shape of a plan: a
 * text made anew with each plan is compared with all that are prepared anew, and left to be collected.
 *
 * Spec: https://www.postgresql.org/docs/18/queries-with.html#QUERIES-WITH-MODIFYING
 */
import { isAfterSettled } from './settled.ts';
import { ENTRY_COLUMNS } from './write.ts';

/** What the text depends on besides the number of writes, which is small. */
export interface Shape {
  readonly writes: number;
  /** Whether there are new resources, and new versions of others. */
  readonly creates: boolean;
  readonly updates: boolean;
  /** Whether the new resources have index rows. */
  readonly indexes: boolean;
  /** Whether something is added to the state store. */
  readonly adds: boolean;
}

/** Gives the next placeholder at each call. */
type Bind = () => string;

const texts = new Map<string, string>();

function once(name: string, write: (bind: Bind) => string): string {
  const known = texts.get(name);
  if (known !== undefined) return known;
  let bound = 0;
  const text = write(() => {
    bound += 1;
    return `$${bound}`;
  });
  texts.set(name, text);
  return text;
}

/**
 * Takes the locks if they are free, and writes. Bound are, in this order: the keys of the locks, and 1 for each that is
 * shared; the earliest time of the writes; of each write place, key, type, id, version, time, 1 for a deletion, method and JSON; where there are index
 * rows the places of their writes, then their columns; where something is added to the state store kinds, ids, values and
 * groups. Its one row says whether all was written (`complete` = 1).
 */
export function writeSql(shape: Shape): string {
  const { writes, creates, updates, indexes, adds } = shape;
  return once(`${writes} ${creates} ${updates} ${indexes} ${adds}`, (bind) => textOfWrite(shape, bind));
}

function textOfWrite({ writes, creates, updates, indexes, adds }: Shape, bind: Bind): string {
  const parts = [`free AS MATERIALIZED (${freeLocks(bind)})`, `w (${WRITTEN.join(', ')}) AS (VALUES ${written(writes, bind)})`];
  const isFree = '(SELECT ok FROM free)';
  const current = 'key, type, id, version_id, updated, deleted';
  if (creates) {
    const isNew = 'w.version_id = 1 AND NOT EXISTS (SELECT 1 FROM resource r WHERE r.key = w.key)';
    parts.push(
      `made AS (INSERT INTO resource (${current}) SELECT ${current} FROM w WHERE ${isFree} AND ${isNew} ORDER BY place RETURNING rid, key)`,
    );
  }
  if (updates) {
    const follows = 'r.key = w.key AND r.type = w.type AND r.id = w.id AND r.version_id = w.version_id - 1 AND w.version_id > 1';
    const set = 'version_id = w.version_id, updated = w.updated, deleted = w.deleted';
    parts.push(`changed AS (UPDATE resource r SET ${set} FROM w WHERE ${isFree} AND ${follows} RETURNING r.rid, r.key)`);
  }
  const kept = [...(creates ? ['made'] : []), ...(updates ? ['changed'] : [])].map((name) => `SELECT rid, key FROM ${name}`);
  parts.push(`kept AS (${kept.join(' UNION ALL ')})`);
  const version = 'rid, w.version_id, w.type, w.id, w.updated, w.method, w.json';
  parts.push(
    `versions AS (INSERT INTO version (rid, version_id, type, id, updated, method, json) SELECT k.${version} FROM w JOIN kept k ON k.key = w.key ORDER BY w.place)`,
  );
  if (indexes) parts.push(`entries AS (INSERT INTO entry (${ENTRY_NAMES}) ${freshRows(bind)})`);
  if (adds) {
    const added = `SELECT * FROM ${unnestOf(['text', 'text', 'text', 'text'], bind)} WHERE EXISTS (SELECT 1 FROM kept)`;
    parts.push(`added AS (INSERT INTO state (kind, id, value, grp) ${added})`);
  }
  return `WITH ${parts.join(', ')} SELECT ${completeOf(writes, isFree)} AS complete FROM kept`;
}

/** 1 when all was written, 0 when nothing was. What is written in part fails, and takes along what the same statement has written. */
function completeOf(writes: number, isFree: string): string {
  if (writes === 1) return 'count(*)::int';
  return `CASE WHEN NOT ${isFree} THEN 0 ELSE 1 / (CASE WHEN count(*) = ${writes} THEN 1 ELSE 0 END) END`;
}

function freeLocks(bind: Bind): string {
  const taken = 'CASE WHEN k.shared = 1 THEN pg_try_advisory_xact_lock_shared(k.key) ELSE pg_try_advisory_xact_lock(k.key) END';
  const from = `${unnestOf(['bigint', 'bigint'], bind)} AS k (key, shared)`;
  return `SELECT coalesce(bool_and(${taken}), true) AND ${isAfterSettled(bind())} AS ok FROM ${from}`;
}

const WRITTEN = ['place', 'key', 'type', 'id', 'version_id', 'updated', 'deleted', 'method', 'json'];
const WRITTEN_TYPES = ['int', 'bigint', 'text', 'text', 'int', 'bigint', 'smallint', 'text', 'text'];

function written(writes: number, bind: Bind): string {
  const row = (): string => `(${WRITTEN_TYPES.map((type) => `${bind()}::${type}`).join(', ')})`;
  return Array.from({ length: writes }, row).join(', ');
}

/**
 * Replaces the index rows of resources that this transaction has just updated. A statement of its own: it sees the rows as
 * they are since the update holds the resource, also those that a `reindex` made anew in the moment before. Most rows
 * stay as they were from one version to the next, and are left: each that is taken away and written again costs an entry
 * in four indexes. Bound are the keys of the resources, then, if they have any, the index rows as in `writeSql`.
 */
export function replaceSql(indexes: boolean): string {
  return once(`replace ${indexes}`, (bind) => {
    const keys = bind();
    const kept = `kept AS (SELECT rid, key FROM resource WHERE key = ANY(${keys}::bigint[]) AND xmin = pg_current_xact_id()::xid)`;
    if (!indexes) return `WITH ${kept} DELETE FROM entry o WHERE o.rid IN (SELECT rid FROM kept)`;
    const parts = [
      kept,
      `w (place, key) AS (SELECT place - 1, key FROM unnest(${keys}::bigint[]) WITH ORDINALITY AS u (key, place))`,
      'old AS MATERIALIZED (SELECT o.ctid AS place, o.* FROM kept k JOIN entry o ON o.rid = k.rid)',
      `compared AS MATERIALIZED (SELECT f.*, o.place FROM (${freshRows(bind)}) f FULL JOIN old o ON ${IS_SAME})`,
      'gone AS (DELETE FROM entry o USING compared c WHERE c.rid IS NULL AND o.ctid = c.place)',
    ];
    return `WITH ${parts.join(', ')} INSERT INTO entry (${ENTRY_NAMES}) SELECT ${ENTRY_NAMES} FROM compared WHERE place IS NULL`;
  });
}

const NAMES = ENTRY_COLUMNS.map(([name]) => name);
const ENTRY_NAMES = ['rid', ...NAMES].join(', ');
const columnsOf = (alias: string): string => NAMES.map((name) => `${alias}.${name}`).join(', ');
const IS_SAME = `o.rid = f.rid AND o.param = f.param AND o.n = f.n AND (${columnsOf('o')}) IS NOT DISTINCT FROM (${columnsOf('f')})`;

/** A select of index rows, which name their resource by its place in `w`. */
function freshRows(bind: Bind): string {
  const from = unnestOf(['int', ...ENTRY_COLUMNS.map(([, type]) => type)], bind);
  return `SELECT k.rid, ${columnsOf('e')} FROM ${from} AS e (place, ${NAMES.join(', ')}) JOIN w ON w.place = e.place JOIN kept k ON k.key = w.key`;
}

const unnestOf = (types: readonly string[], bind: Bind): string => `unnest(${types.map((type) => `${bind()}::${type}[]`).join(', ')})`;
