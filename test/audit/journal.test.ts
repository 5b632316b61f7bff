import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { AccessRecord } from '../../server/audit/access-record.ts';
import { AccessTally } from '../../server/audit/access-tally.ts';
import { openAuditLog } from '../../server/audit/audit-log.ts';
import { Journal, type JournalBatch, type JournalPort } from '../../server/audit/journal.ts';
import { journalInFiles } from '../../server/audit/journal-file.ts';
import { journalInTable } from '../../server/audit/journal-table.ts';
import { verifyAuditLog } from '../../server/audit/verify.ts';
import type { Database } from '../../server/store/database.ts';
import { indexer } from '../auth/access-rule/people.ts';
import { onEachDatabase } from '../support/stores.ts';

const record = (n: number): AccessRecord => ({
  atMs: n,
  caller: { clientId: 'app', purpose: 'COC' },
  interaction: 'read',
  action: 'R',
  outcome: '0',
  what: `CarePlan/${n}/_history/1`,
  patients: [],
  requestId: `r${n}`,
});
const whatOf = ({ tally }: JournalBatch) => [...tally.groups()].flatMap(({ things }) => things.map(({ what }) => what));
const LATER_MS = 10 * 60_000;

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fellesplan-journal-'));
  folders.push(folder);
  return folder;
}

/** Both places, each as it is made again by the next process. */
const PLACES: Readonly<Record<string, (database: Database) => Promise<(nowMs: () => number) => JournalPort>>> = {
  files: async () => {
    const folder = await newFolder();
    return () => journalInFiles(folder);
  },
  'a table':
    async ({ state }) =>
    (nowMs) =>
      journalInTable(state, nowMs),
};

onEachDatabase('the journal', (open) => {
  it.each(Object.keys(PLACES))('in %s gives back what was put, in order, and is empty after', async (place) => {
    const port = (await PLACES[place]!(await open()))(Date.now);
    const journal = new Journal(port);
    await Promise.all([1, 2, 3].map((n) => journal.put([record(n)])));
    await journal.put([record(4), record(5)]);
    const batch = await journal.take();
    expect(whatOf(batch)).toEqual([1, 2, 3, 4, 5].map((n) => record(n).what));
    await batch.remove();
    expect(whatOf(await journal.take())).toEqual([]);
    expect(whatOf(await port.leftBehind())).toEqual([]);
  });

  it.each(Object.keys(PLACES))('in %s keeps what a killed process answered for; the next brings it into the log, once', async (place) => {
    const database = await open();
    const again = await PLACES[place]!(database);
    const killed = new Journal(again(Date.now));
    await killed.put([record(1)]);
    await killed.put([record(2)]);
    const nowMs = () => Date.now() + LATER_MS;
    const faults: unknown[] = [];
    const next = () =>
      openAuditLog({ store: database.resources, journal: again(nowMs), index: indexer, nowMs, reportFault: (error) => faults.push(error) });
    for (let starts = 0; starts < 2; starts += 1) {
      const log = next();
      await log.settle();
      await log.close();
    }
    expect(faults).toEqual([]);
    const { events, problems } = await verifyAuditLog(database.resources);
    expect({ events, problems }).toEqual({ events: 1, problems: [] });
  });
});

onEachDatabase('the journal in a table', (open) => {
  it('is shared out among processes that start at the same time', async () => {
    const { state } = await open();
    const killed = new Journal(journalInTable(state, Date.now));
    for (let n = 0; n < 5; n += 1) await killed.put([record(n)]);
    const later = () => Date.now() + LATER_MS;
    const found = await Promise.all([1, 2, 3].map(() => journalInTable(state, later).leftBehind()));
    expect(found.flatMap(whatOf).sort()).toEqual([0, 1, 2, 3, 4].map((n) => record(n).what));
  });
});

describe('group commit', () => {
  it('has let go of a record when its promise resolves, and one row for all that came in meanwhile', async () => {
    const folder = await newFolder();
    const journal = new Journal(journalInFiles(folder));
    await Promise.all(Array.from({ length: 100 }, (_, n) => journal.put([record(n)])));
    const [name] = await readdir(folder);
    const rows = (await readFile(join(folder, name!), 'utf8')).trimEnd().split('\n');
    expect(rows.flatMap((row) => JSON.parse(row) as AccessRecord[])).toHaveLength(100);
    expect(rows.length).toBeLessThan(10);
  });

  it('tells all who wait when the disk refuses, and goes on with the next [503 transient]', async () => {
    let broken = true;
    const put: AccessRecord[][] = [];
    const journal = new Journal({
      open: () => ({
        add: async (row) => {
          if (broken) throw new Error('disk full');
          put.push([...row]);
        },
        remove: async () => undefined,
      }),
      leftBehind: async () => ({ tally: new AccessTally(), remove: async () => undefined }),
    });
    await expect(Promise.all([journal.put([record(1)]), journal.put([record(2)])])).rejects.toThrow('disk full');
    broken = false;
    await journal.put([record(3)]);
    expect(put).toEqual([[record(3)]]);
    expect(whatOf(await journal.take())).toEqual([record(3).what]);
  });
});
