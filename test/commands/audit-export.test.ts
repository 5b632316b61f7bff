import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAuditLog } from '../../server/audit/audit-log.ts';
import { journalInTable } from '../../server/audit/journal-table.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { fill, indexer } from '../auth/access-rule/people.ts';
import { COMMAND } from '../support/command.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fellesplan-export-'));
  const { resources, state, close } = await openSqliteStore({ file: join(folder, 'fellesplan.sqlite') });
  await fill(resources, []);
  const journal = journalInTable(state, Date.now);
  const log = openAuditLog({ store: resources, journal, index: indexer, nowMs: Date.now, reportFault: () => undefined });
  const caller = { clientId: 'app', user: 'Practitioner/nurse', organizationNumber: '100000002', purpose: 'TREAT' };
  const read = { atMs: Date.now(), caller, interaction: 'read', action: 'R', outcome: '0', what: 'CarePlan/plan' } as const;
  await log.record([{ ...read, patients: ['ida'] }]);
  await log.settle();
  await log.record([{ ...read, patients: ['other'] }]);
  await log.close();
  await close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function audit(...args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const env = { ...process.env, FELLESPLAN_DATA: folder, DATABASE_URL: '' };
  const run = promisify(execFile)(process.execPath, [COMMAND, 'audit', ...args], { env });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

describe('fellesplan audit export', () => {
  it('writes a file that only its owner may read, which verify finds whole, with the service and without', async () => {
    const file = join(folder, 'log.ndjson');
    const written = await audit('export', '--out', file);
    expect(written).toMatchObject({ code: 0, stdout: '' });
    expect(written.stderr).toMatch(/log\.ndjson: 2 events, 2 seals, 0 not yet sealed; newest seal 2:[0-9a-f]{64}\n$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const head = /newest seal (\S+)/.exec(written.stderr)![1]!;
    expect(await audit('verify', '--file', file)).toMatchObject({ code: 0 });
    expect(await audit('verify', '--file', file, '--offline', '--head', head)).toMatchObject({ code: 0 });
    await writeFile(file, (await readFile(file, 'utf8')).replace('"TREAT"', '"BTG"'));
    const spoilt = await audit('verify', '--file', file, '--offline');
    expect(spoilt).toMatchObject({ code: 1, stderr: 'fellesplan: the file is not as it was exported\n' });
    expect(spoilt.stdout).toMatch(/^AuditEvent\/\S+ was changed\n/);
  });

  it('writes what concerns one person to standard output, as a table when that is asked for', async () => {
    const { code, stdout } = await audit('export', '--patient', 'Patient/ida', '--format', 'csv');
    const [head, line, end, more] = stdout.split('\r\n');
    expect([code, end, more]).toEqual([0, '', undefined]);
    expect(head).toMatch(/^\uFEFFid,recorded,/);
    expect(line).toContain(',Patient/ida,');
  });

  it('takes a table for what it is, and not for a log that was tampered with', async () => {
    const file = join(folder, 'log.csv');
    await audit('export', '--format', 'csv', '--out', file);
    const { code, stdout, stderr } = await audit('verify', '--file', file, '--offline');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('that is for a file that was exported as ndjson');
  });

  it.each([
    [['export', '--patient', 'nobody'], 1, 'there is no Patient/nobody'],
    [['export', '--from', '2026-03-02', '--to', '2026-03-01'], 1, '--from is after --to'],
    [['export', '--out', COMMAND], 1, 'is there already'],
    [['export', '--patient', '17834201585'], 2, 'not a national identity number'],
    [['export', '--from', 'tomorrow'], 2, 'a date as 2026-03-01'],
    [['export', '--format', 'xlsx'], 2, 'Allowed choices are ndjson, csv'],
    [['verify', '--file', '/no/such/file', '--offline'], 2, 'no such file'],
    [['verify', '--offline'], 2, '--file'],
    [['verify', '--file', COMMAND, '--head', 'x'], 2, '--head is a number'],
  ] as const)('does not do %j, with exit code %d, and says why', async (args, code, why) => {
    const answer = await audit(...args);
    expect(answer.code, answer.stderr).toBe(code);
    expect(answer.stderr).toContain(why);
  });

  it('explains its formats', async () => {
    const { code, stdout } = await audit('export', '--help');
    expect(code).toBe(0);
    for (const word of ['ndjson', 'csv', '--patient', '--from', '--out', 'audit verify --file']) expect(stdout).toContain(word);
  });
});
