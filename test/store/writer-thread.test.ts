/** The thread that writes to SQLite: it keeps the contract, and what can go wrong between it and the main thread does not. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import type { Database } from '../../server/store/database.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import type { StoreOptions } from '../support/stores.ts';
import { stateStoreContract } from './state-store-contract.ts';
import { resourceStoreContract } from './store-contract.ts';
import { version } from './version.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function newFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fellesplan-writer-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'w.db');
}

/** A database whose thread writes from the second commit on. */
async function threaded(options: StoreOptions = {}, file?: string): Promise<Database> {
  const database = await openSqliteStore({ file: file ?? (await newFile()), threadAfterGroups: 0, ...options });
  cleanUps.push(() => database.close());
  return database;
}

describe('The resource store with a thread that writes', () => {
  resourceStoreContract(async (options) => (await threaded(options)).resources);
});

describe('The state store with a thread that writes', () => {
  stateStoreContract(async (options) => threaded(options));
});

/** Counts a resource up, if it is still where the search said it was. */
const increment = ({ resources }: Database, id: string): Promise<number> =>
  resources.transact({
    lookups: { versions: [{ type: 'Task', id }] },
    build: (found) => {
      const versionId = (found.version('Task', id)?.versionId ?? 0) + 1;
      return { writes: [version('Task', id, versionId)], result: versionId };
    },
  });

/** Two databases as two processes have them: in this one process neither may wait for the other on the main thread. */
async function both(file: string): Promise<[Database, Database]> {
  const databases: [Database, Database] = [await threaded({}, file), await threaded({}, file)];
  const ready: Promise<unknown>[] = [];
  const noted = (message: unknown): void => void ready.push(once((message as { worker: Worker }).worker, 'message'));
  subscribe('worker_threads', noted);
  for (const { state } of databases) await state.put('Test', 'started', {});
  while (ready.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  unsubscribe('worker_threads', noted);
  // What a thread says first is that it has the file; the next commit is its own.
  await Promise.all(ready);
  await new Promise((resolve) => setImmediate(resolve));
  return databases;
}

describe('A thread that writes', () => {
  it.each([
    ['many groups', 10, 1],
    ['a few large ones', 2, 50],
  ])('is started by %s', async (_what, groups, resources) => {
    const { resources: store, close } = await openSqliteStore({ file: await newFile(), threadAfterGroups: 10 });
    cleanUps.push(close);
    const started: unknown[] = [];
    const noted = (message: unknown): void => void started.push(message);
    subscribe('worker_threads', noted);
    cleanUps.push(async () => void unsubscribe('worker_threads', noted));
    for (let group = 0; group < groups; group += 1) {
      expect(started).toEqual([]);
      const writes = Array.from({ length: resources }, (_, n) => version('Task', `t${group}-${n}`, 1));
      await store.transact({ lookups: {}, build: () => ({ writes, result: undefined }) });
    }
    await store.transact({ lookups: {}, build: () => ({ writes: [version('Task', 'last', 1)], result: undefined }) });
    expect(started).toHaveLength(1);
  });
});

describe('Two processes on one SQLite file', () => {
  it('give versions without a gap to 200 clients that update one resource', async () => {
    const file = await newFile();
    const databases = await both(file);
    const versions = await Promise.all(Array.from({ length: 200 }, (_, n) => increment(databases[n % 2] as Database, 't')));
    expect(versions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
  });

  it('let one of many create what all found missing', async () => {
    const file = await newFile();
    const databases = await both(file);
    for (let round = 0; round < 10; round += 1) {
      const index = [{ kind: 'token', param: 'code', system: null, code: `c${round}` }] as const;
      const where = { op: 'match', param: 'code', test: { kind: 'token', code: `c${round}` } } as const;
      const create = (n: number): Promise<number> =>
        (databases[n % 2] as Database).resources.transact({
          lookups: { searches: [{ types: ['Task'], where, sort: [], limit: 2, total: 'none' }] },
          build: ({ searches }) => {
            const writes = searches[0]?.matches.length === 0 ? [version('Task', `t${round}-${n}`, 1, index)] : [];
            return { writes, result: writes.length };
          },
        });
      const created = await Promise.all(Array.from({ length: 20 }, (_, n) => create(n)));
      expect(created.reduce((sum, each) => sum + each, 0)).toBe(1);
    }
  });

  it('write on while one of them makes the index anew', async () => {
    const file = await newFile();
    const [writing, indexing] = await both(file);
    const ids = Array.from({ length: 450 }, (_, n) => `t${n}`);
    const writes = ids.map((id) => version('Task', id, 1));
    await writing.resources.transact({ lookups: {}, build: () => ({ writes, result: undefined }) });
    const reindexed = indexing.reindex(() => [{ kind: 'token', param: 'code', system: null, code: 'new' }]);
    await Promise.all(Array.from({ length: 200 }, (_, n) => increment(writing, `t${n % 20}`)));
    expect(await reindexed).toBe(450);
    expect((await writing.resources.read('Task', 't0'))?.versionId).toBe(11);
  });
});

describe('A thread that dies', () => {
  it('fails what it had under way with 503 transient; what comes after is written, and nothing acknowledged is lost', async () => {
    const threads: Worker[] = [];
    const noted = (message: unknown): void => void threads.push((message as { worker: Worker }).worker);
    subscribe('worker_threads', noted);
    cleanUps.push(async () => void unsubscribe('worker_threads', noted));
    const database = await threaded();
    const acknowledged: string[] = [];
    const failures: unknown[] = [];
    const killed = new Set<Worker>();
    const isWriter = (thread: Worker): boolean => thread.resourceLimits?.maxOldGenerationSizeMb === 256;
    const client = async (n: number): Promise<void> => {
      for (let round = 0; killed.size < 2; round += 1) {
        const id = `t${n}-${round}`;
        const plan = { lookups: {}, build: () => ({ writes: [version('Task', id, 1)], result: undefined }) };
        await database.resources.transact(plan).then(
          () => acknowledged.push(id),
          (error: unknown) => failures.push(error),
        );
      }
    };
    const clients = Array.from({ length: 16 }, (_, n) => client(n));
    while (killed.size < 2) {
      const writer = threads.find((thread) => isWriter(thread) && !killed.has(thread));
      await new Promise((resolve) => setTimeout(resolve, 50));
      await writer?.terminate();
      if (writer !== undefined) killed.add(writer);
    }
    await Promise.all(clients);
    for (const failure of failures) expect(failure).toMatchObject({ status: 503, issues: [{ code: 'transient' }] });
    expect(acknowledged.length).toBeGreaterThan(100);
    for (const id of acknowledged) expect(await database.resources.readVersion('Task', id, 1)).toBeDefined();
  });
});
