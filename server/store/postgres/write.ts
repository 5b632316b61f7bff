/**
 * Writing all versions of a plan in one statement. Index rows of earlier versions are removed by the same statement; the
 * table has no unique key that the new ones could meet.
 *
 * Spec: https://www.postgresql.org/docs/18/queries-with.html#QUERIES-WITH-MODIFYING
 */
import type { ResourceWrite } from '../resource-store.ts';
import { SqlWriter } from '../sql/dialect.ts';
import { type EntryRow, entryRows } from '../sql/entry-rows.ts';
import { resourceKeyOf } from '../sql/keys.ts';
import type { Statement } from '../sql/steps.ts';
import { postgresDialect } from './dialect.ts';

/** Versions in one statement: enough to make round trips rare, few enough for the limit on parameters. */
export const WRITES_PER_STATEMENT = 500;

const ENTRY_TYPES: Readonly<Record<Exclude<keyof EntryRow, never>, string>> = {
  param: 'bigint',
  n: 'int',
  part: 'int',
  hash: 'bigint',
  sys: 'bigint',
  target: 'bigint',
  low: 'float8',
  high: 'float8',
  text: 'text',
  value: 'text',
  label: 'text',
};

/** The statement; its one row says how many versions (`written`) followed the current one and were stored. */
export function writeStatement(writes: readonly ResourceWrite[]): Statement {
  const sql = new SqlWriter(postgresDialect);
  const keyed = writes.map((write) => ({ rid: resourceKeyOf(write.type, write.id), write })).sort((a, b) => (a.rid < b.rid ? -1 : 1));
  const rows = keyed.map(({ rid, write }) => {
    const { type, id, versionId, lastUpdatedMs, method, json } = write;
    const [r, t, i, v, u, m, j] = [rid, type, id, versionId, lastUpdatedMs, method, json].map((value) => sql.bind(value));
    return `(${r}::bigint, ${t}, ${i}, ${v}::int, ${u}::bigint, ${m}, ${j})`;
  });
  const entries = entriesOf(sql, keyed);
  const updates = keyed.some(({ write }) => write.versionId > 1);
  const parts = [
    `w (rid, type, id, version_id, updated, method, json) AS (VALUES ${rows.join(', ')})`,
    `created AS (INSERT INTO resource (rid, type, id, version_id, updated, deleted)
      SELECT rid, type, id, version_id, updated, CASE WHEN json IS NULL THEN 1 ELSE 0 END FROM w WHERE version_id = 1
      ON CONFLICT (rid) DO NOTHING RETURNING rid)`,
    ...(updates
      ? [UPDATED, `stored AS (SELECT rid FROM created UNION ALL SELECT rid FROM updated)`, REMOVED]
      : ['stored AS (SELECT rid FROM created)']),
    `added AS (INSERT INTO version (rid, version_id, type, id, updated, method, json)
      SELECT w.rid, w.version_id, w.type, w.id, w.updated, w.method, w.json FROM w JOIN stored ON stored.rid = w.rid)`,
    ...(entries === undefined ? [] : [`indexed AS (${entries})`]),
  ];
  return { sql: `WITH ${parts.join(', ')} SELECT count(*) AS written FROM stored`, values: sql.values };
}

const UPDATED = `updated AS (UPDATE resource r SET version_id = w.version_id, updated = w.updated, deleted = CASE WHEN w.json IS NULL THEN 1 ELSE 0 END
  FROM w WHERE r.rid = w.rid AND w.version_id > 1 AND r.version_id = w.version_id - 1 AND r.type = w.type AND r.id = w.id RETURNING r.rid)`;
const REMOVED = 'removed AS (DELETE FROM entry USING updated WHERE entry.rid = updated.rid)';

function entriesOf(sql: SqlWriter, keyed: readonly { readonly rid: bigint; readonly write: ResourceWrite }[]): string | undefined {
  const rids: bigint[] = [];
  const rows: EntryRow[] = [];
  for (const { rid, write } of keyed) {
    for (const row of entryRows(write.type, write.index)) {
      rids.push(rid);
      rows.push(row);
    }
  }
  if (rows.length === 0) return undefined;
  const names = Object.keys(ENTRY_TYPES) as (keyof EntryRow)[];
  const columns = names.map((name) => `${sql.bind(arrayText(rows.map((row) => row[name])))}::${ENTRY_TYPES[name]}[]`);
  const from = `unnest(${sql.bind(arrayText(rids))}::bigint[], ${columns.join(', ')})`;
  return `INSERT INTO entry (rid, ${names.join(', ')}) SELECT * FROM ${from}`;
}

/** An array in PostgreSQL's text form. */
function arrayText(values: readonly (string | number | bigint | null)[]): string {
  const items = values.map((value) => {
    if (value === null) return 'NULL';
    return typeof value === 'string' ? `"${value.replace(/["\\]/g, '\\$&')}"` : String(value);
  });
  return `{${items.join(',')}}`;
}
