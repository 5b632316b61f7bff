/**
 * Writing all versions of a plan: a statement for each table, however many versions there are. Every statement names the
 * rows it writes by `rid`, as distributed tables want it.
 *
 * Spec: https://www.postgresql.org/docs/18/dml.html
 */
import type { ResourceWrite } from '../resource-store.ts';
import { SqlWriter } from '../sql/dialect.ts';
import { type EntryRow, entryRows } from '../sql/entry-rows.ts';
import { resourceKeyOf } from '../sql/keys.ts';
import { numberIn, type Statement, textOf } from '../sql/steps.ts';
import { postgresDialect } from './dialect.ts';
import type { Session } from './transaction.ts';

/** Versions in one statement: enough to make round trips rare, few enough for the limit on parameters. */
const WRITES_PER_STATEMENT = 1_000;

interface KeyedWrite {
  readonly rid: number;
  readonly write: ResourceWrite;
}

/** Writes all. @returns the first write that does not follow the current version of its resource; then nothing counts, and the caller rolls back. */
export async function writeVersions(session: Session, writes: readonly ResourceWrite[]): Promise<ResourceWrite | undefined> {
  for (let first = 0; first < writes.length; first += WRITES_PER_STATEMENT) {
    const some = writes.slice(first, first + WRITES_PER_STATEMENT);
    const rids = new Map<string, number>();
    for (const statement of currentStatements(some)) {
      for (const row of await session.ask(statement)) rids.set(textOf(row, 'name'), numberIn(row, 'rid'));
    }
    const keyed: KeyedWrite[] = [];
    for (const write of some) {
      const rid = rids.get(`${write.type}/${write.id}`);
      if (rid === undefined) return write;
      keyed.push({ rid, write });
    }
    session.askAhead(versionStatement(keyed));
    removeEntries(
      session,
      keyed.filter(({ write }) => write.versionId > 1).map(({ rid }) => rid),
    );
    addEntries(
      session,
      keyed.map(({ rid, write }) => ({ rid, rows: entryRows(write.type, write.index, resourceKeyOf) })),
    );
  }
  return undefined;
}

const COLUMNS = 'key, type, id, version_id, updated, deleted';

/** Makes the versions current; rows tell the `rid` of each resource by `name`, those that did not follow are missing. */
function currentStatements(writes: readonly ResourceWrite[]): Statement[] {
  const created = writes.filter((write) => write.versionId === 1);
  const updated = writes.filter((write) => write.versionId > 1);
  const statements: Statement[] = [];
  if (created.length > 0) {
    const sql = new SqlWriter(postgresDialect);
    const rows = `${currentRows(sql, created)} WITH ORDINALITY AS w (${COLUMNS}, place)`;
    const isNew = 'NOT EXISTS (SELECT 1 FROM resource r WHERE r.key = w.key)';
    const text = `INSERT INTO resource (${COLUMNS}) SELECT ${COLUMNS} FROM ${rows} WHERE ${isNew} ORDER BY place RETURNING rid, type || '/' || id AS name`;
    statements.push({ sql: text, values: sql.values });
  }
  if (updated.length > 0) {
    const sql = new SqlWriter(postgresDialect);
    const follows = 'r.key = w.key AND r.type = w.type AND r.id = w.id AND r.version_id = w.version_id - 1';
    const set = 'version_id = w.version_id, updated = w.updated, deleted = w.deleted';
    const text = `UPDATE resource r SET ${set} FROM ${currentRows(sql, updated)} AS w (${COLUMNS}) WHERE ${follows} RETURNING r.rid AS rid, r.type || '/' || r.id AS name`;
    statements.push({ sql: text, values: sql.values });
  }
  return statements;
}

function currentRows(sql: SqlWriter, writes: readonly ResourceWrite[]): string {
  return unnest(sql, [
    ['bigint', writes.map((write) => resourceKeyOf(write.type, write.id))],
    ['text', writes.map((write) => write.type)],
    ['text', writes.map((write) => write.id)],
    ['int', writes.map((write) => write.versionId)],
    ['bigint', writes.map((write) => write.lastUpdatedMs)],
    ['smallint', writes.map((write) => (write.json === null ? 1 : 0))],
  ]);
}

/** JSON is bound value by value: as part of an array it would have to be quoted, which costs more than the rest. */
function versionStatement(keyed: readonly KeyedWrite[]): Statement {
  const sql = new SqlWriter(postgresDialect);
  const rows = keyed.map(({ rid, write }) => {
    const { versionId, type, id, lastUpdatedMs, method, json } = write;
    return `(${[rid, versionId, type, id, lastUpdatedMs, method, json].map((value) => sql.bind(value)).join(', ')})`;
  });
  const text = `INSERT INTO version (rid, version_id, type, id, updated, method, json) VALUES ${rows.join(', ')}`;
  return { sql: text, values: sql.values };
}

/** The columns of an index row with their types. */
export const ENTRY_COLUMNS = [
  ['param', 'bigint'],
  ['n', 'int'],
  ['part', 'int'],
  ['hash', 'bigint'],
  ['sys', 'bigint'],
  ['target', 'bigint'],
  ['low', 'float8'],
  ['high', 'float8'],
  ['text', 'text'],
  ['value', 'text'],
  ['label', 'text'],
] as const satisfies readonly (readonly [keyof EntryRow, string])[];

/** Takes away all index rows of these resources, with what is asked next. */
export function removeEntries(session: Session, rids: readonly number[]): void {
  if (rids.length > 0) session.askAhead({ sql: 'DELETE FROM entry WHERE rid = ANY($1::bigint[])', values: [rids.map(BigInt)] });
}

/** Adds index rows to resources that have none, with what is asked next. */
export function addEntries(session: Session, resources: readonly { readonly rid: number; readonly rows: readonly EntryRow[] }[]): void {
  const rows = resources.flatMap((resource) => resource.rows.map((row) => ({ rid: resource.rid, row })));
  if (rows.length === 0) return;
  const sql = new SqlWriter(postgresDialect);
  const columns = ENTRY_COLUMNS.map(([name, type]) => [type, rows.map(({ row }) => row[name])] as const);
  const from = unnest(sql, [['bigint', rows.map(({ rid }) => rid)], ...columns]);
  const names = ENTRY_COLUMNS.map(([name]) => name).join(', ');
  session.askAhead({ sql: `INSERT INTO entry (rid, ${names}) SELECT * FROM ${from}`, values: sql.values });
}

type Column = readonly [type: string, values: readonly (string | number | bigint | null)[]];

/** Columns as a table: each is bound as one array. */
function unnest(sql: SqlWriter, columns: readonly Column[]): string {
  return `unnest(${columns.map(([type, values]) => `${sql.bind(arrayText(values, (value) => value))}::${type}[]`).join(', ')})`;
}

/** What `read` gives of each item, as an array in PostgreSQL's text form. Joined: a text that grows item by item leaves twice as much to be collected. */
export function arrayText<Item>(items: readonly Item[], read: (item: Item) => string | number | bigint | null): string {
  return `{${items.map((item) => elementText(read(item))).join()}}`;
}

function elementText(value: string | number | bigint | null): string | number | bigint {
  return value === null ? 'NULL' : typeof value === 'string' ? quoted(value) : value;
}

function quoted(value: string): string {
  const isPlain = !value.includes('"') && !value.includes('\\');
  return `"${isPlain ? value : value.replace(/["\\]/g, '\\$&')}"`;
}
