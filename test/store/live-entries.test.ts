/** What is known of the state store's entries is never older than what has been acknowledged, to whomever. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../server/store/database.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';

const PLACES = [
  ['on the main thread', 1_000_000],
  ['on a thread of its own', 0],
] as const;

let folder: string;
let nowMs: number;
let open: Database[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fellesplan-live-'));
  [nowMs, open] = [1_000, []];
});
afterEach(async () => {
  for (const each of open) await each.close();
  await rm(folder, { recursive: true, force: true });
});

async function openStore(threadAfterGroups: number): Promise<Database['state']> {
  const database = await openSqliteStore({ file: join(folder, 'live.db'), threadAfterGroups, nowMs: () => nowMs });
  open.push(database);
  return database.state;
}

describe.each(PLACES)('an entry that was asked for, with a writer %s', (_where, threadAfterGroups) => {
  it('is gone as soon as it is removed: alone, with its group, taken or by another process', async () => {
    const [here, there] = [await openStore(threadAfterGroups), await openStore(threadAfterGroups)];
    const ways: readonly (() => Promise<unknown>)[] = [
      () => here.remove('token', 't'),
      () => here.removeGroup('grant'),
      () => here.removeGroup('grant', 'token'),
      () => here.removeRange('token', 's', 'u'),
      () => here.take('token', 't'),
      () => there.remove('token', 't'),
      () => there.removeGroup('grant'),
    ];
    for (const remove of ways) {
      await here.put('token', 't', {}, { group: 'grant' });
      await here.put('token', 'other', {});
      for (let times = 0; times < 3; times += 1) expect(await here.has('token', 't')).toBe(true);
      await remove();
      expect(await here.has('token', 't'), String(remove)).toBe(false);
      expect(await here.has('token', 'other')).toBe(true);
    }
  });

  it('lives as long as the last put says, also one that had run out', async () => {
    const [here, there] = [await openStore(threadAfterGroups), await openStore(threadAfterGroups)];
    await here.put('token', 't', {}, { expiresAtMs: 2_000 });
    expect(await here.has('token', 't')).toBe(true);
    nowMs = 2_000;
    expect(await here.has('token', 't')).toBe(false);
    await here.put('token', 't', {}, { expiresAtMs: 3_000 });
    expect(await here.has('token', 't')).toBe(true);
    await there.put('token', 't', {}, { expiresAtMs: 2_000 });
    expect(await here.has('token', 't')).toBe(false);
    await there.insertIfAbsent('token', 't', {});
    expect(await here.has('token', 't')).toBe(true);
  });

  it('is found when another process has put it, though it was missing a moment ago', async () => {
    const [here, there] = [await openStore(threadAfterGroups), await openStore(threadAfterGroups)];
    expect(await here.has('token', 't')).toBe(false);
    await there.put('token', 't', {});
    expect(await here.has('token', 't')).toBe(true);
  });
});

it('entries of two kinds are told apart, whatever their names hold', async () => {
  const state = await openStore(1_000);
  await state.put('a b', 'c', {});
  expect([await state.has('a b', 'c'), await state.has('a', 'b c')]).toEqual([true, false]);
});
