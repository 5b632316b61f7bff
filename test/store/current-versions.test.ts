/** What is known of current versions lets nothing pass, and tells nobody anything, that the file does not say. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../server/store/database.ts';
import type { Found, ResourceWrite, StoredVersion } from '../../server/store/resource-store.ts';
import { Connection } from '../../server/store/sqlite/connection.ts';
import { CurrentVersions } from '../../server/store/sqlite/current-versions.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { version } from './version.ts';

const KEY = { type: 'Task', id: 't' };
const lookups = { versions: [KEY] };
const PLACES = [
  ['on the main thread', 1_000_000],
  ['on a thread of its own', 0],
] as const;

let folder: string;
let open: Database[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fellesplan-current-'));
  open = [];
});
afterEach(async () => {
  for (const each of open) await each.close();
  await rm(folder, { recursive: true, force: true });
});

async function openStore(threadAfterGroups: number): Promise<Database['resources']> {
  const database = await openSqliteStore({ file: join(folder, 'current.db'), threadAfterGroups });
  open.push(database);
  return database.resources;
}

/** Writes the next version. @returns the text that the last run of the plan found. */
async function change(store: Database['resources'], write: (versionId: number) => ResourceWrite = (id) => version('Task', 't', id)) {
  return await store.transact({
    lookups,
    build(found) {
      const current = found.version('Task', 't');
      return { writes: [write((current?.versionId ?? 0) + 1)], result: current?.json };
    },
  });
}

const json = (versionId: number): string | null => version('Task', 't', versionId).json;
const deletion = (versionId: number): ResourceWrite => ({ ...version('Task', 't', versionId), method: 'DELETE', json: null, index: [] });

describe.each(PLACES)('the current version, with a writer %s', (_where, threadAfterGroups) => {
  it('is found with its text, time and method after each of many changes', async () => {
    const store = await openStore(threadAfterGroups);
    for (let versionId = 1; versionId < 6; versionId += 1) {
      expect(await change(store)).toBe(versionId === 1 ? undefined : json(versionId - 1));
      const { found } = await store.transact({
        lookups,
        build: (all: Found) => {
          const { type, id, versionId: number, lastUpdatedMs, method, json: text } = all.version('Task', 't') as StoredVersion;
          return {
            writes: [version('Task', `other-${versionId}`, 1)],
            result: { found: { type, id, number, lastUpdatedMs, method, text } },
          };
        },
      });
      const read = await store.read('Task', 't');
      expect(found).toEqual({
        ...KEY,
        number: versionId,
        lastUpdatedMs: read?.lastUpdatedMs,
        method: read?.method,
        text: json(versionId),
      });
    }
    await change(store, deletion);
    expect(await change(store)).toBe(null);
  });

  it('is the one that was written without a look at the one before', async () => {
    const store = await openStore(threadAfterGroups);
    await change(store);
    await store.transact({ lookups: {}, build: () => ({ writes: [version('Task', 't', 2)], result: undefined }) });
    expect(await change(store)).toBe(json(2));
    expect((await store.read('Task', 't'))?.versionId).toBe(3);
  });

  it('is the one of another process, by which what was decided is decided anew', async () => {
    const [here, there] = [await openStore(threadAfterGroups), await openStore(threadAfterGroups)];
    await change(here);
    await change(here);
    await change(there);
    expect(await change(here)).toBe(json(3));
    expect(await change(here)).toBe(json(4));
    expect((await here.read('Task', 't'))?.versionId).toBe(5);
  });

  it('is the one of another process where a plan refuses, or writes nothing', async () => {
    const [here, there] = [await openStore(threadAfterGroups), await openStore(threadAfterGroups)];
    await change(here);
    await change(there);
    const refuse = (found: Found): never => {
      throw new Error(`the current version is ${found.version('Task', 't')?.versionId}`);
    };
    await expect(here.transact({ lookups, build: refuse })).rejects.toThrow('the current version is 2');
    await change(here);
    await change(there);
    const tell = (found: Found) => ({ writes: [], result: found.version('Task', 't')?.versionId });
    expect(await here.transact({ lookups, build: tell })).toBe(4);
  });
});

describe('what is kept of current versions', () => {
  const task = (id: string, characters: number): ResourceWrite => ({ ...version('Task', id, 1), json: 'x'.repeat(characters) });
  const textOf = (current: CurrentVersions, id: string) => current.find([{ type: 'Task', id }])?.[0]?.json;
  let connection: Connection;
  let current: CurrentVersions;
  beforeEach(() => {
    connection = new Connection(join(folder, 'kept.db'), { cacheBytes: 1_000_000, searchTimeoutMs: 1_000 });
    current = new CurrentVersions(connection);
  });
  afterEach(() => connection.close());

  it('is the text of a small one, and that of a large one is in the file', () => {
    current.written([task('small', 16_000), task('large', 16_001)]);
    expect(textOf(current, 'small')).toHaveLength(16_000);
    // Nothing is in this file.
    expect(textOf(current, 'large')).toBe(null);
  });

  it('is bounded by a million characters and five thousand versions, of which the oldest go first', () => {
    const known = (ids: readonly number[], characters: number) => {
      current.forget();
      for (const id of ids) current.written([task(`t${id}`, characters)]);
      return ids.filter((id) => current.find([{ type: 'Task', id: `t${id}` }]) !== undefined);
    };
    const ids = Array.from({ length: 6_000 }, (_, id) => id);
    for (const [characters, atMost] of [
      [1_000, 1_000],
      [10, 5_000],
    ] as const) {
      const left = known(ids, characters);
      expect(left.length).toBeGreaterThanOrEqual(atMost / 2);
      expect(left.length).toBeLessThanOrEqual(atMost);
      expect(left).toEqual(ids.slice(-left.length));
    }
  });

  it('is all of one that is written again and again, however often', () => {
    current.written([task('seldom', 1_000)]);
    for (let n = 0; n < 10_000; n += 1) current.written([task('often', 1_000)]);
    expect(textOf(current, 'seldom')).toHaveLength(1_000);
    expect(textOf(current, 'often')).toHaveLength(1_000);
  });

  it('is nothing of what others may have changed', () => {
    for (let id = 0; id < 3_000; id += 1) current.written([task(`t${id}`, 10)]);
    current.forget();
    expect(textOf(current, 't0')).toBe(undefined);
    expect(textOf(current, 't2999')).toBe(undefined);
  });
});
