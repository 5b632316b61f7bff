import { execFile } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import type { AccessRecord } from '../../server/audit/access-record.ts';
import { isAccessRecord } from '../../server/audit/access-record.ts';
import { openAuditLog } from '../../server/audit/audit-log.ts';
import { DAMAGED_KIND, damagedPlaces, damagedRows } from '../../server/audit/damaged.ts';
import { copyJournal } from '../../server/audit/journal-copy.ts';
import { JOURNAL_KIND, journalInTable } from '../../server/audit/journal-table.ts';
import { eachEvent } from '../../server/audit/unsealed.ts';
import { verifyAuditLog } from '../../server/audit/verify.ts';
import type { Database } from '../../server/store/database.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { indexer } from '../auth/access-rule/people.ts';
import { temporaryFolder } from '../cli/run-cli.ts';
import { COMMAND } from '../support/command.ts';
import { freshPostgresUrl } from '../support/stores.ts';

const AT_MS = Date.UTC(2026, 2, 10, 12);
const LATER_MS = AT_MS + 10 * 60_000;
const caller = { clientId: 'app', user: 'Practitioner/nurse', purpose: 'TREAT' };
const record = (what: string): AccessRecord => ({
  atMs: AT_MS,
  caller,
  interaction: 'read',
  action: 'R',
  outcome: '0',
  what,
  patients: ['ida'],
});
const row = (...records: readonly unknown[]) => ({ atMs: AT_MS, records });

/** Rows as somebody may leave them, and which of their accesses can still be told. */
const DAMAGES: readonly (readonly [why: string, text: string, told: readonly string[]])[] = [
  ['no JSON', '{"atMs":17,"rec', []],
  ['a list', '[]', []],
  ['nothing of a row', '{"resourceType":"Basic"}', []],
  ['a time that is none', JSON.stringify(row({ ...record('Goal/bad'), atMs: 1e300 })), []],
  ['no caller', JSON.stringify(row({ ...record('Goal/bad'), caller: null })), []],
  ['a name that is a number', JSON.stringify(row({ ...record('Goal/bad'), what: 5 })), []],
  ['an outcome nobody knows', JSON.stringify(row({ ...record('Goal/bad'), outcome: '9' })), []],
  [
    'one bad access among good ones',
    JSON.stringify(row(record('Goal/a'), { ...record('Goal/bad'), patients: 'ida' }, record('Goal/b'))),
    ['Goal/a', 'Goal/b'],
  ],
  ['no time of its own', JSON.stringify({ records: [record('Goal/a')] }), ['Goal/a']],
];

interface Damageable {
  readonly database: Database;
  /** Writes a row of the journal by hand. */
  damage(id: string, text: string): Promise<void>;
}

const opened: Database[] = [];
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

const SQL = "INSERT INTO state (kind, id, value) VALUES ('audit-journal', $1, $2)";

const DATABASES: Readonly<Record<string, () => Promise<Damageable>>> = {
  SQLite: async () => {
    const file = join(temporaryFolder(), 'fellesplan.sqlite');
    const database = await openSqliteStore({ file });
    opened.push(database);
    const damage = async (id: string, text: string): Promise<void> => {
      const hand = new DatabaseSync(file);
      hand.prepare(SQL.replace('$1', '?').replace('$2', '?')).run(id, text);
      hand.close();
    };
    return { database, damage };
  },
  PostgreSQL: async () => {
    const url = await freshPostgresUrl();
    const database = await openPostgresStore({ url });
    opened.push(database);
    const damage = async (id: string, text: string): Promise<void> => {
      const hand = new pg.Client({ connectionString: url });
      await hand.connect();
      await hand.query(SQL, [id, text]);
      await hand.end();
    };
    return { database, damage };
  },
};

/** What stands in the log, without its seals. */
async function told({ resources }: Database): Promise<readonly string[]> {
  const events = await Array.fromAsync(eachEvent(resources, { op: 'all' }));
  return events.flatMap(({ id, json }) => (id.startsWith('fp-seal-') ? [] : (json.match(/Goal\/[a-z]+/g) ?? []))).sort();
}

/** A log that has swept once: the times are those at which it looks for what was left behind. */
async function sweep(database: Database, times: readonly number[], isAlone = false) {
  let nowMs = times[0]!;
  const port = journalInTable(database.state, () => nowMs, { isAlone });
  const faults: string[] = [];
  let damaged = 0;
  for (const time of times) {
    nowMs = time;
    const reportFault = (error: unknown) => faults.push((error as Error).message);
    const log = openAuditLog({ store: database.resources, journal: port, index: indexer, nowMs: () => nowMs, reportFault });
    await log.settle();
    damaged = log.damaged();
    await log.close();
  }
  return { faults, damaged };
}

describe.each(Object.keys(DATABASES))('a row of the journal that was damaged on %s', (name) => {
  it.each(DAMAGES)('stops no other row, is told of once, and is kept whole: %s', async (_why, text, readable) => {
    const { database, damage } = await DATABASES[name]!();
    await database.state.put(JOURNAL_KIND, 'a-good', row(record('Goal/first')));
    await damage('b-bad', text);
    await database.state.put(JOURNAL_KIND, 'c-good', row(record('Goal/last')));
    const { faults, damaged } = await sweep(database, [LATER_MS, LATER_MS + 180_000, LATER_MS + 360_000]);
    expect(faults).toEqual([`What stands in ${DAMAGED_KIND}/b-bad is no access, and is left there`]);
    expect(damaged).toBe(1);
    expect(await told(database)).toEqual(['Goal/first', 'Goal/last', ...readable].sort());
    expect((await verifyAuditLog(database.resources)).problems).toEqual([]);
    expect(await database.state.list(JOURNAL_KIND, 10)).toEqual([]);
    const [kept, another] = await Array.fromAsync(damagedRows(database.state));
    expect(another).toBeUndefined();
    const isObject = text.startsWith('{') && text.endsWith('}');
    expect(kept!.value).toEqual(isObject ? JSON.parse(text) : { damaged: text });
    expect(await damagedPlaces({ state: database.state })).toEqual([`${DAMAGED_KIND}/b-bad`]);
  });

  it('is in a backup, before it has been looked at and after', async () => {
    const { database, damage } = await DATABASES[name]!();
    await damage('bad', 'no JSON');
    const rows = async () => {
      const copied = await copyJournal(
        { state: database.state },
        async () => undefined,
        async () => undefined,
      );
      return copied.rows.map(({ kind, id, value }) => [kind, id, value]);
    };
    expect(await rows()).toEqual([[JOURNAL_KIND, 'bad', { damaged: 'no JSON' }]]);
    await sweep(database, [LATER_MS], true);
    expect(await rows()).toEqual([[DAMAGED_KIND, 'bad', { damaged: 'no JSON' }]]);
  });

  it('does not say how old it is: it may be another process’s own until it has been there for long', async () => {
    const { database, damage } = await DATABASES[name]!();
    await damage('bad', '{}');
    expect((await sweep(database, [LATER_MS, LATER_MS + 60_000])).faults).toEqual([]);
    expect((await sweep(database, [LATER_MS, LATER_MS + 180_000])).faults).toHaveLength(1);
  });
});

describe('a record that was read back', () => {
  it.each<[why: string, more: object]>([
    ['a kind nobody knows', { kind: 'other' }],
    ['an action nobody knows', { action: 'X' }],
    ['a caller without a client', { caller: { user: 'Practitioner/nurse' } }],
    ['a caller whose user is a number', { caller: { clientId: 'app', user: 1 } }],
    ['a patient that is a number', { patients: [1] }],
    ['a number that is a text', { shown: '1' }],
    ['a reason that is a number', { reason: 1 }],
    ['no interaction', { interaction: undefined }],
  ])('is none with %s', (_why, more) => {
    expect(isAccessRecord(record('Goal/a'))).toBe(true);
    expect(isAccessRecord({ ...record('Goal/a'), ...more })).toBe(false);
  });
});

describe('fellesplan audit, where something was damaged', () => {
  it('tells of it in verify until it is taken away, rows into a file and files by hand', async () => {
    const folder = temporaryFolder();
    const database = await openSqliteStore({ file: join(folder, 'fellesplan.sqlite') });
    await database.state.put(DAMAGED_KIND, 'bad', { damaged: 'x' });
    await database.close();
    await mkdir(join(folder, 'access-log'));
    const file = join(folder, 'access-log', 'a.jsonl.broken');
    await writeFile(file, 'x');
    const audit = async (...args: readonly string[]) => {
      const env = { ...process.env, FELLESPLAN_DATA: folder, DATABASE_URL: '' };
      const run = promisify(execFile)(process.execPath, [COMMAND, 'audit', ...args], { env });
      return run.then(
        ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
        (error: { code: number; stdout: string; stderr: string }) => error,
      );
    };
    expect(await audit('damaged')).toMatchObject({ code: 0, stdout: `${DAMAGED_KIND}/bad\n${file}\n` });
    const verified = await audit('verify');
    expect(verified).toMatchObject({ code: 1, stderr: 'fellesplan: the access log is not whole\n' });
    expect(verified.stdout).toContain(`${DAMAGED_KIND}/bad holds accesses that could not be read\n${file} holds accesses`);
    const out = join(folder, 'damaged.ndjson');
    expect(await audit('damaged', '--out', out)).toMatchObject({ code: 0, stderr: `${out}: 1 row\n` });
    expect(await readFile(out, 'utf8')).toBe('{"id":"bad","value":{"damaged":"x"}}\n');
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    expect(await audit('damaged', '--out', out)).toMatchObject({ code: 1, stderr: `fellesplan: ${out} is there already\n` });
    await writeFile(join(folder, 'moved'), await readFile(file));
    await promisify(execFile)('rm', [file]);
    expect(await audit('verify')).toMatchObject({ code: 0 });
  });
});
