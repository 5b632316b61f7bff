/** A backup taken while servers read, write and bring their journals into the log: after a restore each access is told once. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { type AuditLog, openAuditLog } from '../../server/audit/audit-log.ts';
import { copyJournal } from '../../server/audit/journal-copy.ts';
import { journalInFiles } from '../../server/audit/journal-file.ts';
import { journalInTable } from '../../server/audit/journal-table.ts';
import { telling } from '../../server/audit/telling-mark.ts';
import type { WriteRecord } from '../../server/audit/write-tally.ts';
import { backupLines, beginVersions, restoreLines } from '../../server/store/backup.ts';
import type { Database } from '../../server/store/database.ts';
import { indexer } from '../auth/access-rule/people.ts';
import { version } from '../store/version.ts';
import { onEachDatabase } from '../support/stores.ts';

const LATER_MS = 10 * 60_000;
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** What was read or written, by the name of the request. */
const record = (request: string): WriteRecord => ({
  atMs: Date.now(),
  caller: { clientId: 'app', purpose: 'COC' },
  interaction: 'read',
  action: 'R',
  outcome: '0',
  what: `CarePlan/${request}/_history/1`,
  patients: [],
  requestId: request,
});

interface Served {
  readonly log: AuditLog;
  /** The folder of its files; undefined where all is in the database. */
  readonly folder: string | undefined;
}

/** A server's log, `laterMs` from now. */
async function serve({ resources, state }: Database, inFiles: boolean, laterMs = 0): Promise<Served> {
  const nowMs = () => Date.now() + laterMs;
  const folder = inFiles ? await mkdtemp(join(tmpdir(), 'fellesplan-copy-')) : undefined;
  if (folder !== undefined) folders.push(folder);
  const journal =
    folder === undefined ? journalInTable(state, nowMs) : journalInFiles(folder, journalInTable(state, nowMs, { isAlone: true }));
  const reportFault = (error: unknown) => expect.unreachable(String(error));
  const log = openAuditLog({ store: resources, journal, index: indexer, nowMs, telling: telling(state, nowMs), reportFault });
  return { log, folder };
}

async function backup(database: Database, folder: string | undefined, patienceMs?: number) {
  const source = { state: database.state, ...(folder === undefined ? {} : { folder }) };
  const { begun, rows, isApart } = await copyJournal(
    source,
    () => beginVersions(database),
    ({ abandon }) => abandon(),
    patienceMs,
  );
  const lines: string[] = [];
  for await (const line of backupLines({ state: rows, versions: begun.versions })) lines.push(line);
  return { lines, isApart };
}

/** The requests that the log of a restored database tells of, once a server has been at it. */
async function toldAfterRestore(lines: readonly string[], into: Database): Promise<readonly string[]> {
  await restoreLines(into, lines, () => []);
  const { log } = await serve(into, true, LATER_MS);
  await log.settle();
  await log.close();
  const told: string[] = [];
  for await (const { type, json } of into.versions()) {
    if (type === 'AuditEvent') told.push(...[...(json ?? '').matchAll(/CarePlan\/([rw]-\d+)\/_history/g)].map(([, request]) => request!));
  }
  return told;
}

onEachDatabase('a backup', (open) => {
  it('brings along what was read and written a moment ago', async () => {
    const database = await open();
    const { log, folder } = await serve(database, true);
    for (let n = 0; n < 250; n += 1) await log.record([record(`r-${n}`)]);
    const plan = { lookups: {}, build: () => ({ writes: [version('Task', 't', 1)], result: undefined }) };
    await log.transact(database.resources, plan, () => [record('w-1')]);
    const { lines, isApart } = await backup(database, folder);
    expect(isApart).toBe(true);
    expect(lines.join('')).not.toContain('AuditEvent');
    const told = await toldAfterRestore(lines, await open());
    expect([...told].sort()).toEqual([...Array.from({ length: 250 }, (_, n) => `r-${n}`), 'w-1'].sort());
    await log.close();
  });

  it.each([
    ['files', true],
    ['tables', false],
  ])(
    'taken while servers with %s bring their journals into the log loses no access and tells none twice',
    {
      timeout: 60_000,
    },
    async (_, inFiles) => {
      const database = await open();
      // One process has files; many share a table.
      const servers = await Promise.all((inFiles ? [true] : [false, false]).map((files) => serve(database, files)));
      const folder = servers[0]?.folder;
      const answered: string[] = [];
      let running = true;
      let count = 0;
      const reader = async ({ log }: Served): Promise<void> => {
        while (running) {
          count += 1;
          const request = `r-${count}`;
          await log.record([record(request)]);
          answered.push(request);
          await setTimeout(1);
        }
      };
      const writer = async ({ log }: Served): Promise<void> => {
        while (running) {
          count += 1;
          const request = `w-${count}`;
          const plan = { lookups: {}, build: () => ({ writes: [version('Task', request, 1)], result: undefined }) };
          await log.transact(database.resources, plan, () => [record(request)]);
          answered.push(request);
          await setTimeout(1);
        }
      };
      const settler = async ({ log }: Served): Promise<void> => {
        while (running) {
          await setTimeout(60 + 60 * Math.random());
          await log.settle();
        }
      };
      const work = servers.flatMap((server) => [reader(server), writer(server), settler(server)]);
      const taken: { readonly before: readonly string[]; readonly lines: readonly string[] }[] = [];
      for (let each = 0; each < 5; each += 1) {
        await setTimeout(100);
        const before = [...answered];
        const { lines, isApart } = await backup(database, folder);
        expect(isApart).toBe(true);
        taken.push({ before, lines });
      }
      running = false;
      await Promise.all(work);
      for (const { log } of servers) await log.close();
      for (const { before, lines } of taken) {
        const told = await toldAfterRestore(lines, await open());
        expect(new Set(told).size).toBe(told.length);
        expect(before.filter((request) => !told.includes(request))).toEqual([]);
      }
      expect(taken.at(-1)?.before.length).toBeGreaterThan(100);
    },
  );

  it('is taken all the same where no moment comes, and then loses nothing', async () => {
    const database = await open();
    const { log, folder } = await serve(database, true);
    await log.record([record('r-1')]);
    await log.settle();
    await log.record([record('r-2')]);
    const stuck = Promise.withResolvers<void>();
    const work = telling(database.state, Date.now)(() => stuck.promise);
    const { lines, isApart } = await backup(database, folder, 100);
    stuck.resolve();
    await work;
    expect(isApart).toBe(false);
    expect([...(await toldAfterRestore(lines, await open()))].sort()).toEqual(['r-1', 'r-2']);
    await log.close();
  });
});
