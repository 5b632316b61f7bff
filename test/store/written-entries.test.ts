/** What the writer remembers of index rows never leaves others in the file than what was written last. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IndexEntry } from '../../server/search/index-entry.ts';
import type { Database } from '../../server/store/database.ts';
import type { ResourceWrite } from '../../server/store/resource-store.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { deletion, version } from './version.ts';

const PLACES = [
  ['on the main thread', 1_000_000],
  ['on a thread of its own', 0],
] as const;

let folder: string;
let opened: Database[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fellesplan-entries-'));
  opened = [];
});
afterEach(async () => {
  for (const each of opened) await each.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(threadAfterGroups: number): Promise<Database> {
  const database = await openSqliteStore({ file: join(folder, 'entries.db'), threadAfterGroups });
  opened.push(database);
  return database;
}

const coded = (code: string): readonly IndexEntry[] => [{ kind: 'token', param: 'code', system: null, code }];

/** Writes the next version of Task/t: with this code, or its deletion. */
async function change({ resources }: Database, code: string | undefined, beside: readonly ResourceWrite[] = []): Promise<void> {
  await resources.transact({
    lookups: { versions: [{ type: 'Task', id: 't' }] },
    build(found) {
      const next = (found.version('Task', 't')?.versionId ?? 0) + 1;
      const write = code === undefined ? deletion('Task', 't', next) : version('Task', 't', next, coded(code));
      return { writes: [write, ...beside], result: undefined };
    },
  });
}

/** The codes among these by which Task/t is found. */
async function foundBy({ resources }: Database, ...codes: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const code of codes) {
    const where = { op: 'match', param: 'code', test: { kind: 'token', code } } as const;
    const page = await resources.search({ types: ['Task'], where, sort: [], limit: 10, total: 'none' });
    if (page.matches.length > 0) found.push(code);
  }
  return found;
}

describe.each(PLACES)('index rows, with a writer %s', (_where, threadAfterGroups) => {
  it('are those of the last version, whatever changes and whatever stays', async () => {
    const database = await open(threadAfterGroups);
    for (const code of ['a', 'a', 'a', 'b', 'b', 'a', undefined, 'a', 'a', undefined, 'b']) {
      await change(database, code);
      expect(await foundBy(database, 'a', 'b')).toEqual(code === undefined ? [] : [code]);
    }
  });

  it('are those of the last version where another process has changed them in between', async () => {
    const [here, there] = [await open(threadAfterGroups), await open(threadAfterGroups)];
    for (const code of ['a', 'a', 'a']) await change(here, code);
    await change(there, 'b');
    expect(await foundBy(here, 'a', 'b')).toEqual(['b']);
    await change(here, 'a');
    expect(await foundBy(there, 'a', 'b')).toEqual(['a']);
    for (const code of ['b', 'b']) await change(there, code);
    await change(here, 'a');
    expect(await foundBy(here, 'a', 'b')).toEqual(['a']);
    const { versions } = await here.resources.history({ type: 'Task', id: 't', limit: 10 });
    expect(versions.map(({ versionId }) => versionId)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('are those of the last version where another process has made them anew in between', async () => {
    const [here, there] = [await open(threadAfterGroups), await open(threadAfterGroups)];
    for (const code of ['a', 'a', 'a']) await change(here, code);
    await there.reindex(() => [...coded('b')]);
    expect(await foundBy(here, 'a', 'b')).toEqual(['b']);
    await change(here, 'a');
    expect(await foundBy(here, 'a', 'b')).toEqual(['a']);
  });

  it('are those of the last version where they were taken back because a plan beside it failed', async () => {
    const database = await open(threadAfterGroups);
    for (const code of ['a', 'a', 'a']) await change(database, code);
    const impossible = { lookups: {}, build: () => ({ writes: [version('Goal', 'g', 7)], result: undefined }) };
    // Both share a commit, which is begun anew with each apart.
    const [changed, failed] = await Promise.allSettled([change(database, 'b'), database.resources.transact(impossible)]);
    expect([changed.status, failed.status]).toEqual(['fulfilled', 'rejected']);
    expect(await foundBy(database, 'a', 'b')).toEqual(['b']);
    await change(database, 'b');
    expect(await foundBy(database, 'a', 'b')).toEqual(['b']);
  });

  it('are those of the last version after a reindex', async () => {
    const database = await open(threadAfterGroups);
    for (const code of ['a', 'a', 'a']) await change(database, code);
    await database.reindex(() => [...coded('b')]);
    expect(await foundBy(database, 'a', 'b')).toEqual(['b']);
    await change(database, 'a');
    expect(await foundBy(database, 'a', 'b')).toEqual(['a']);
    await database.reindex(() => [...coded('b')]);
    await database.reindex(() => [...coded('b')]);
    expect(await foundBy(database, 'a', 'b')).toEqual(['b']);
  });
});
