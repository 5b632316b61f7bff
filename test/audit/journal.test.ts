import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { AccessRecord } from '../../server/audit/access-record.ts';
import { openAuditLog } from '../../server/audit/audit-log.ts';
import { CommitJournal } from '../../server/audit/commit-journal.ts';
import { commitRow, readRow } from '../../server/audit/commit-row.ts';
import { Journal, type JournalBatch, type JournalPort, NOTHING } from '../../server/audit/journal.ts';
import { journalInFiles } from '../../server/audit/journal-file.ts';
import { recordsOf } from '../../server/audit/journal-lines.ts';
import { journalInTable } from '../../server/audit/journal-table.ts';
import { eachEvent } from '../../server/audit/unsealed.ts';
import { verifyAuditLog } from '../../server/audit/verify.ts';
import type { WriteRecord } from '../../server/audit/write-tally.ts';
import { unavailable } from '../../server/fhir/errors.ts';
import type { Database } from '../../server/store/database.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { indexer } from '../auth/access-rule/people.ts';
import { version } from '../store/version.ts';
import { onEachDatabase } from '../support/stores.ts';

const record = (n: number): WriteRecord => ({
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
  files: async ({ state }) => {
    const folder = await newFolder();
    return (nowMs) => journalInFiles(folder, journalInTable(state, nowMs, { isAlone: true }));
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
    expect((await port.leftBehind()).records).toEqual([]);
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

onEachDatabase('an event of the log', (open) => {
  it('is of a later time than readers were told of before it was written', async () => {
    const { resources, state } = await open();
    let settledMs = 0;
    const transact: typeof resources.transact = async (plan) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      settledMs ||= await resources.settled();
      return resources.transact(plan);
    };
    const journal = journalInTable(state, Date.now);
    const log = openAuditLog({
      store: { ...resources, transact },
      journal,
      index: indexer,
      nowMs: Date.now,
      reportFault: (error) => expect.unreachable(String(error)),
    });
    await log.record([record(1)]);
    await log.settle();
    await log.close();
    expect((await resources.history({ type: 'AuditEvent', limit: 10 })).versions).not.toEqual([]);
    for await (const { lastUpdatedMs, json } of eachEvent(resources, { op: 'all' })) {
      expect(lastUpdatedMs).toBeGreaterThan(settledMs);
      expect(JSON.parse(json ?? '').meta.lastUpdated).toBe(new Date(lastUpdatedMs).toISOString());
    }
    expect((await verifyAuditLog(resources)).problems).toEqual([]);
  });
});

onEachDatabase('what could not be brought into the log', (open) => {
  it.each(Object.keys(PLACES))('is left behind in %s, and not forgotten until the next start', async (place) => {
    const database = await open();
    let nowMs = Date.now();
    const port = (await PLACES[place]!(database))(() => nowMs);
    let isFull = false;
    const transact: typeof database.resources.transact = async (plan) => {
      if (isFull) throw unavailable('The disk is full.');
      return database.resources.transact(plan);
    };
    const faults: unknown[] = [];
    const log = openAuditLog({
      store: { ...database.resources, transact },
      journal: port,
      index: indexer,
      nowMs: () => nowMs,
      reportFault: (error) => faults.push(error),
    });
    await log.settle();
    await log.record([record(1)]);
    isFull = true;
    await expect(log.settle()).rejects.toThrow('The disk is full.');
    isFull = false;
    nowMs += LATER_MS;
    expect((await port.leftBehind()).records).toEqual([record(1)]);
    expect(faults).toHaveLength(1);
    await log.close();
  });

  it.each(Object.keys(PLACES))('as it was not known whether it was committed, stays beside %s', async (place) => {
    const database = await open();
    let nowMs = Date.now();
    const port = (await PLACES[place]!(database))(() => nowMs);
    const commits = new CommitJournal(port);
    const plan = (id: string) => ({ lookups: {}, build: () => ({ writes: [version('Task', id, 1)], result: id }) });
    const broken: typeof database.resources.transact = async (each) => {
      await database.resources.transact(each);
      throw unavailable('The connection broke at the commit.');
    };
    await commits.transact(database.resources, plan('told'), () => [record(1)]);
    const unknown = commits.transact({ ...database.resources, transact: broken }, plan('unknown'), () => [record(2)]);
    await expect(unknown).rejects.toMatchObject({ status: 503 });
    const batch = await commits.take();
    expect(whatOf(batch)).toEqual([]);
    await batch.remove();
    nowMs += LATER_MS;
    expect((await port.leftBehind()).records.map(({ what }) => what)).toEqual([record(1).what, record(2).what]);
  });
});

onEachDatabase('the journal in a table', (open) => {
  it('is not told twice by a process that could not tell it for long', async () => {
    const database = await open();
    let nowMs = Date.now();
    const port = journalInTable(database.state, () => nowMs);
    const [reads, writes] = [new Journal(port), new CommitJournal(port)];
    await reads.put([record(1)]);
    const plan = { lookups: {}, build: () => ({ writes: [version('Task', 'a', 1)], result: 'a' }) };
    await writes.transact(database.resources, plan, () => [record(2)]);
    nowMs += LATER_MS;
    expect((await port.leftBehind()).records).toEqual([]);
    const told = [await reads.take(), await writes.take()];
    expect(told.flatMap(whatOf)).toEqual([record(1).what, record(2).what]);
    expect((await port.leftBehind()).records).toEqual([]);
    for (const batch of told) await batch.remove();
    expect(await database.state.list('audit-journal', 1)).toEqual([]);
  });

  it('is shared out among processes that start at the same time', async () => {
    const { state } = await open();
    const killed = new Journal(journalInTable(state, Date.now));
    for (let n = 0; n < 5; n += 1) await killed.put([record(n)]);
    const later = () => Date.now() + LATER_MS;
    const found = await Promise.all([1, 2, 3].map(() => journalInTable(state, later).leftBehind()));
    expect(found.flatMap(({ records }) => records.map(({ what }) => what)).sort()).toEqual([0, 1, 2, 3, 4].map((n) => record(n).what));
  });
});

onEachDatabase('the journal of writes', (open) => {
  const plan = (id: string, versionId: number) => ({
    lookups: {},
    build: () => ({ writes: [version('Task', id, versionId)], result: id }),
  });
  const rowsOf = async ({ state }: Database): Promise<readonly AccessRecord[]> =>
    (await state.list('audit-journal', 100)).flatMap(({ value }) => value.records as readonly AccessRecord[]);

  it.each(Object.keys(PLACES))('beside %s is written with the commit it tells of, or not at all', async (place) => {
    const database = await open();
    const commits = new CommitJournal((await PLACES[place]!(database))(Date.now));
    const told = (n: number) => () => [record(n)];
    const [done, refused] = await Promise.allSettled([
      commits.transact(database.resources, plan('a', 1), told(1)),
      commits.transact(database.resources, plan('b', 7), told(2)),
    ]);
    expect(done).toMatchObject({ status: 'fulfilled', value: { result: 'a', count: 1 } });
    expect(refused.status).toBe('rejected');
    expect(await rowsOf(database)).toEqual([record(1)]);
    const batch = await commits.take();
    expect(whatOf(batch)).toEqual([record(1).what]);
    await batch.remove();
    expect(await rowsOf(database)).toEqual([]);
  });

  it.each(Object.keys(PLACES))('beside %s is brought into the log by the next process, once, however much there is', async (place) => {
    const database = await open();
    const again = await PLACES[place]!(database);
    const killed = new CommitJournal(again(Date.now));
    await Promise.all(Array.from({ length: 1200 }, (_, n) => killed.transact(database.resources, plan(`t${n}`, 1), () => [record(n)])));
    const nowMs = () => Date.now() + LATER_MS;
    for (let starts = 0; starts < 2; starts += 1) {
      const options = { store: database.resources, journal: again(nowMs), index: indexer, nowMs };
      const log = openAuditLog({ ...options, reportFault: (error) => expect.unreachable(String(error)) });
      await log.settle();
      await log.close();
    }
    expect(await rowsOf(database)).toEqual([]);
    const page = await database.resources.search({ types: ['AuditEvent'], where: { op: 'all' }, sort: [], limit: 100, total: 'none' });
    const told = page.matches.filter(({ id }) => !id.startsWith('fp-seal-')).flatMap(({ json }) => json.match(/CarePlan\/\d+\/_history/g));
    expect(new Set(told).size).toBe(1200);
    expect(told).toHaveLength(1200);
    expect((await verifyAuditLog(database.resources)).problems).toEqual([]);
  });
});

describe('what a power cut has left of a file', () => {
  it.each([
    ['nothing but zeros', '\0'.repeat(100)],
    ['something else in JSON', '{"resourceType":"Basic"}'],
  ])('is told as far as it can be read, once, and the rest is kept and told of: %s', async (_what, damage) => {
    const database = await openSqliteStore({ file: ':memory:' });
    const folder = await newFolder();
    const killed = new Journal(journalInFiles(folder, journalInTable(database.state, Date.now, { isAlone: true })));
    await killed.put([record(1)]);
    const [name = ''] = await readdir(folder);
    await appendFile(join(folder, name), `${damage}\n${JSON.stringify(record(2))}\n`);
    await writeFile(join(folder, 'nothing.jsonl'), '\0\0\n');
    const faults: Error[] = [];
    for (let starts = 0; starts < 2; starts += 1) {
      const log = openAuditLog({
        store: database.resources,
        journal: journalInFiles(folder, journalInTable(database.state, Date.now, { isAlone: true })),
        index: indexer,
        nowMs: Date.now,
        reportFault: (error) => faults.push(error as Error),
      });
      await log.settle();
      await log.close();
    }
    expect((await verifyAuditLog(database.resources)).events).toBe(1);
    expect((await readdir(folder)).sort()).toEqual([`${name}.broken`, 'nothing.jsonl.broken'].sort());
    expect(await readFile(join(folder, `${name}.broken`), 'utf8')).toContain('CarePlan/2');
    expect(faults.map(({ message }) => message).sort()).toEqual(
      [name, 'nothing.jsonl'].map((file) => `What stands in ${join(folder, file)}.broken is no access, and is left there`).sort(),
    );
    await database.close();
  });
});

describe('a folder of journals that is a file', () => {
  it('is refused at the start, not with every read', async () => {
    const { state } = await openSqliteStore({ file: ':memory:' });
    const file = join(await newFolder(), 'access-log');
    await writeFile(file, '');
    expect(() => journalInFiles(file, journalInTable(state, Date.now))).toThrow('EEXIST');
    const readOnly = await newFolder();
    await chmod(readOnly, 0o500);
    // Nothing is forbidden to the superuser.
    if (process.getuid?.() !== 0) expect(() => journalInFiles(readOnly, journalInTable(state, Date.now))).toThrow('EACCES');
  });
});

describe('what is gathered', () => {
  it.each([
    ['many different accesses become events soon', 6_000, true],
    ['few wait for more of the same', 5_999, false],
  ])('%s', async (_what, count, isSoon) => {
    const { resources, state } = await openSqliteStore({ file: ':memory:' });
    const told = async () =>
      (await resources.search({ types: ['AuditEvent'], where: { op: 'all' }, sort: [], limit: 1, total: 'none' })).matches;
    const log = openAuditLog({
      store: resources,
      journal: journalInFiles(await newFolder(), journalInTable(state, Date.now)),
      index: indexer,
      nowMs: Date.now,
      reportFault: (error) => expect.unreachable(String(error)),
    });
    for (let n = 0; n < count; n += 1000)
      await log.record(Array.from({ length: Math.min(1000, count - n) }, (_, each) => record(n + each)));
    await log.record([record(0)]);
    if (isSoon) await expect.poll(told, { timeout: 9_000 }).not.toEqual([]);
    else expect(await told()).toEqual([]);
    await log.close();
    expect(await told()).toHaveLength(1);
  });
});

describe('what was written', () => {
  it.each([
    ['becomes events soon when there are 60,000', 60, 50, true],
    ['waits for more about the same people before', 59, 50, false],
    ['becomes events soon when it is about 10,000 people', 10, 10_000, true],
    ['waits for more about them before', 9, 10_000, false],
  ])('%s, and stands in the log for whoever asks', { timeout: 60_000 }, async (_what, thousands, people, isSoon) => {
    const { resources, state } = await openSqliteStore({ file: ':memory:' });
    const log = openAuditLog({
      store: resources,
      journal: journalInTable(state, Date.now, { isAlone: true }),
      index: indexer,
      nowMs: Date.now,
      reportFault: (error) => expect.unreachable(String(error)),
    });
    await log.settle();
    const told = async (): Promise<readonly string[]> => {
      const things: string[] = [];
      for await (const { json } of eachEvent(resources, { op: 'all' })) things.push(...(json.match(/CarePlan\/\d+\/_history/g) ?? []));
      return things;
    };
    for (let thousand = 0; thousand < thousands; thousand += 1) {
      const records = Array.from({ length: 1000 }, (_, n) => {
        const number = thousand * 1000 + n;
        return { ...record(number), patients: [`p${number % people}`] };
      });
      const plan = { lookups: {}, build: () => ({ writes: [version('Task', `t${thousand}`, 1)], result: undefined }) };
      await log.transact(resources, plan, () => records);
    }
    if (isSoon) await expect.poll(async () => (await told()).length, { timeout: 50_000 }).toBeGreaterThan(0);
    else expect(await told()).toEqual([]);
    await log.settle();
    const things = await told();
    expect([things.length, new Set(things).size]).toEqual([thousands * 1000, thousands * 1000]);
    expect(await state.list('audit-journal', 1)).toEqual([]);
    expect((await verifyAuditLog(resources)).problems).toEqual([]);
    await log.close();
  });
});

describe('the row of a commit', () => {
  const read = (row: object) => readRow(JSON.parse(JSON.stringify(row))).records;

  it('says once what the entries of a transaction have in common, and gives them back as they were', () => {
    const common = { atMs: 7, caller: { clientId: 'app', user: 'Practitioner/1' }, outcome: '0', reason: 'alarm', requestId: 'r' } as const;
    const records = [1, 2, 3].map((n) => ({ ...record(n), ...common }));
    const row = commitRow(8, records);
    expect(JSON.stringify(row).match(/Practitioner/g)).toHaveLength(1);
    expect(read(row)).toEqual(records);
  });

  it.each<[what: string, records: readonly AccessRecord[]]>([
    ['nothing', []],
    ['one', [record(1)]],
    ['several of different requests', [record(1), record(2)]],
  ])('says %s in full', (_what, records) => {
    expect(commitRow(8, records)).toEqual({ atMs: 8, records });
    expect(read(commitRow(8, records))).toEqual(records);
  });
});

/** A place without rows of earlier processes and of writes. */
const NOWHERE: JournalPort = {
  open: () => ({ add: async () => undefined, ...NOTHING }),
  openForCommits: () => ({ next: () => expect.unreachable('no write is told here'), ...NOTHING }),
  leftBehind: async () => ({ records: [], remove: async () => undefined }),
  setAside: async () => [],
};

describe('group commit', () => {
  it('has let go of a record when its promise resolves, and one row for several that came in together', async () => {
    const folder = await newFolder();
    const rows: number[] = [];
    const files = journalInFiles(folder, NOWHERE);
    const counting: JournalPort = {
      ...files,
      open() {
        const opened = files.open();
        const add: typeof opened.add = (row) => {
          rows.push(row.length);
          return opened.add(row);
        };
        return { add, remove: () => opened.remove(), leave: () => opened.leave() };
      },
    };
    const journal = new Journal(counting);
    await Promise.all(Array.from({ length: 100 }, (_, n) => journal.put([record(n)])));
    const [name] = await readdir(folder);
    expect(recordsOf(await readFile(join(folder, name!), 'utf8')).map(({ what }) => what)).toEqual(
      Array.from({ length: 100 }, (_, n) => record(n).what),
    );
    expect(rows.length).toBeLessThan(20);
  });

  it('tells who waits when a file cannot be written, and goes on when it can [503 transient]', async () => {
    const folder = await newFolder();
    const journal = new Journal(journalInFiles(folder, NOWHERE));
    await rm(folder, { recursive: true });
    const refused = await journal.put([record(1)]).catch((error: unknown) => error);
    expect(refused).toMatchObject({ status: 503, issues: [{ code: 'transient' }] });
    await mkdir(folder);
    await journal.put([record(2)]);
    const [name] = await readdir(folder);
    expect(recordsOf(await readFile(join(folder, name!), 'utf8'))).toEqual([record(2)]);
    expect(whatOf(await journal.take())).toEqual([record(2).what]);
  });

  it('begins a new batch after one that could not be written, though there is nothing to tell', async () => {
    const opened: string[] = [];
    const journal = new Journal({
      ...NOWHERE,
      open: () => {
        opened.push('batch');
        return { ...NOTHING, add: () => Promise.reject(new Error('disk full')), remove: async () => void opened.push('removed') };
      },
    });
    await expect(journal.put([record(1)])).rejects.toThrow('disk full');
    const batch = await journal.take();
    expect(batch.tally.size).toBe(0);
    await batch.remove();
    expect(opened).toEqual(['batch', 'batch', 'removed']);
  });

  it('tells all who wait when the disk refuses, and goes on with the next [503 transient]', async () => {
    let broken = true;
    const put: AccessRecord[][] = [];
    const journal = new Journal({
      ...NOWHERE,
      open: () => ({
        add: async (row) => {
          if (broken) throw new Error('disk full');
          put.push(row.map((noted) => noted.record));
        },
        ...NOTHING,
      }),
    });
    await expect(Promise.all([journal.put([record(1)]), journal.put([record(2)])])).rejects.toThrow('disk full');
    broken = false;
    await journal.put([record(3)]);
    expect(put).toEqual([[record(3)]]);
    expect(whatOf(await journal.take())).toEqual([record(3).what]);
  });
});
