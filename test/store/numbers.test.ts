/** Resources by their numbers: what is remembered of them outlives no transaction that came to nothing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Clause } from '../../server/search/query.ts';
import type { ResourceStore, ResourceWrite } from '../../server/store/resource-store.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { version } from './version.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function newFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fellesplan-numbers-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'n.db');
}

async function opened(file: string, threadAfterGroups: number): Promise<ResourceStore> {
  const { resources } = await openSqliteStore({ file, threadAfterGroups });
  cleanUps.push(() => resources.close());
  return resources;
}

const write = (resources: ResourceStore, ...writes: readonly ResourceWrite[]): Promise<void> =>
  resources.transact({ lookups: {}, build: () => ({ writes, result: undefined }) });
const pointing = (id: string, at: string, versionId = 1): ResourceWrite =>
  version('Task', id, versionId, [{ kind: 'reference', param: 'focus', type: 'Goal', id: at, url: null }]);
const pointAt = async (resources: ResourceStore, id: string): Promise<readonly string[]> => {
  const where: Clause = { op: 'match', param: 'focus', test: { kind: 'reference', type: 'Goal', id } };
  const page = await resources.search({ types: ['Task'], where, sort: [], limit: 10, total: 'none' });
  return page.matches.map((match) => match.id);
};

describe.each([
  ['the main thread', Number.POSITIVE_INFINITY],
  ['a thread', 0],
])('numbers that %s gives', (_where, threadAfterGroups) => {
  it('are not those of what was taken back: the next resource has them', async () => {
    const resources = await opened(await newFile(), threadAfterGroups);
    await write(resources, version('Goal', 'first', 1));
    const ended = await Promise.allSettled([
      write(resources, version('Goal', 'taken-back', 1), version('Goal', 'no-version-before', 7)),
      write(resources, version('Goal', 'stays', 1)),
    ]);
    expect(ended.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    await write(resources, pointing('a', 'taken-back'), pointing('b', 'stays'));
    expect([await pointAt(resources, 'taken-back'), await pointAt(resources, 'stays')]).toEqual([['a'], ['b']]);
  });

  it('are found again by a store that remembers none, and given once to what is there or only pointed at', async () => {
    const file = await newFile();
    const before = await opened(file, threadAfterGroups);
    const ids = Array.from({ length: 500 }, (_, n) => `g${n}`);
    await write(before, ...ids.map((id) => version('Goal', id, 1)), pointing('early', 'not-yet'));
    await before.close();
    const resources = await opened(file, threadAfterGroups);
    const asked = ['g0', 'g17', 'g499', 'not-yet'];
    await write(resources, ...asked.map((id) => pointing(`at-${id}`, id)));
    await write(resources, ...asked.map((id) => pointing(`again-at-${id}`, id)), version('Goal', 'not-yet', 1));
    for (const id of asked) {
      const early = id === 'not-yet' ? ['early'] : [];
      expect(await pointAt(resources, id)).toEqual([...early, `at-${id}`, `again-at-${id}`]);
    }
  });

  it('are looked for anew when an update points elsewhere, and kept when it does not', async () => {
    const resources = await opened(await newFile(), threadAfterGroups);
    await write(resources, version('Goal', 'a', 1), pointing('stays', 'a'), pointing('moves', 'a'));
    await write(resources, pointing('stays', 'a', 2), pointing('moves', 'b', 2));
    expect([await pointAt(resources, 'a'), await pointAt(resources, 'b')]).toEqual([['stays'], ['moves']]);
    await write(resources, pointing('moves', 'a', 3));
    expect([await pointAt(resources, 'a'), await pointAt(resources, 'b')]).toEqual([['stays', 'moves'], []]);
  });
});
