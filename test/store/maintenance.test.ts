import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { IndexEntry } from '../../server/search/index-entry.ts';
import { backupLines, checkBackup, isEmpty, restoreLines, stateOfKinds } from '../../server/store/backup.ts';
import type { Database } from '../../server/store/database.ts';
import type { ResourceStore, ResourceWrite } from '../../server/store/resource-store.ts';
import { onEachDatabase } from '../support/stores.ts';
import { deletion, version } from './version.ts';

const code = (value: string): IndexEntry => ({ kind: 'token', param: 'code', system: null, code: value });

const write = (store: ResourceStore, ...writes: readonly ResourceWrite[]): Promise<void> =>
  store.transact({ lookups: {}, build: () => ({ writes, result: undefined }) });

async function idsByCode(store: ResourceStore, value: string): Promise<string[]> {
  const where = { op: 'match', param: 'code', test: { kind: 'token', code: value } } as const;
  const { matches } = await store.search({ types: ['Task'], where, sort: [], limit: 5000, total: 'none' });
  return matches.map((match) => match.id);
}

const linesAsTheyCome = (database: Database): AsyncIterable<string> =>
  backupLines({ state: stateOfKinds(database, ['key']), versions: database.versions() });

async function linesOf(database: Database): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesAsTheyCome(database)) lines.push(line);
  return lines;
}

onEachDatabase('Maintenance', (open) => {
  it('a backup restored into an empty database gives the same versions, found by the same searches, and the kept state', async () => {
    const database = await open();
    const { resources, state } = database;
    for (let first = 0; first < 450; first += 150) {
      await write(resources, ...Array.from({ length: 150 }, (_, n) => version('Task', `t${first + n}`, 1, [code('x')], first)));
    }
    await write(resources, version('Task', 't1', 2, [code('y')], 9_000), deletion('Task', 't2', 2, 9_000));
    for (let n = 0; n < 201; n += 1) await state.put('key', `k${n}`, { n });
    await state.put('key', 'passing', { n: -1 }, { expiresAtMs: Date.now() + 3_600_000 });
    await state.put('token', 'secret', {});
    const lines = await linesOf(database);
    expect(lines).toHaveLength(1 + 202 + 452 + 1);
    expect(lines.join('')).not.toContain('secret');
    expect(await checkBackup(lines)).toEqual({ state: 202, versions: 452 });
    const copy = await open();
    expect(await isEmpty(copy)).toBe(true);
    const index = (_: string, json: string): IndexEntry[] => [code(json.includes('"n":2') ? 'y' : 'x')];
    expect(await restoreLines(copy, lines, index)).toEqual({ state: 202, versions: 452 });
    expect(await isEmpty(copy)).toBe(false);
    expect(await linesOf(copy)).toEqual(lines);
    expect(await idsByCode(copy.resources, 'x')).toEqual(await idsByCode(resources, 'x'));
    expect(await idsByCode(copy.resources, 'y')).toEqual(['t1']);
    expect(await copy.resources.read('Task', 't2')).toMatchObject({ versionId: 2, json: null });
    expect(await copy.state.get('key', 'passing')).toEqual(await state.get('key', 'passing'));
  });

  it('a backup is what stood there when it began, while writes go on', async () => {
    const database = await open();
    await write(database.resources, ...Array.from({ length: 300 }, (_, n) => version('Task', `t${n}`, 1)));
    const lines: string[] = [];
    for await (const line of linesAsTheyCome(database)) {
      if (lines.length === 10) await write(database.resources, version('Task', 'late', 1), version('Task', 't299', 2));
      lines.push(line);
    }
    expect(lines).toHaveLength(302);
  });

  it('reindexing changes what resources are found by while others are written, and no search misses one meanwhile', async () => {
    const { resources, reindex } = await open();
    for (let first = 0; first < 600; first += 200) {
      await write(resources, ...Array.from({ length: 200 }, (_, n) => version('Task', `t${first + n}`, 1, [code('old'), code('always')])));
    }
    await write(resources, deletion('Task', 't3', 2));
    const index = (): IndexEntry[] => [code('new'), code('always')];
    const progress: number[] = [];
    let running = true;
    const writer = (async () => {
      for (let n = 0; running; n += 1) {
        await write(resources, version('Task', `late${n}`, 1, index()), version('Task', `t${300 + n}`, 2, index()));
      }
    })();
    const reader = (async () => {
      while (running) {
        const found = new Set(await idsByCode(resources, 'always'));
        for (let n = 10; n < 600; n += 50) expect(found.has(`t${n}`), `t${n}`).toBe(true);
        await new Promise(setImmediate);
      }
    })();
    let done = 0;
    try {
      done = await reindex(index, (count) => progress.push(count));
    } finally {
      running = false;
      await Promise.all([writer, reader]);
    }
    expect(done).toBeGreaterThanOrEqual(599);
    expect(progress.at(-1)).toBe(done);
    expect(await idsByCode(resources, 'old')).toEqual([]);
    expect((await idsByCode(resources, 'new')).filter((id) => id.startsWith('t'))).toHaveLength(599);
    expect(await idsByCode(resources, 'new')).not.toContain('t3');
  });

  it('texts of versions that are not current are replaced in place, and nothing else is', async () => {
    const database = await open();
    const { resources } = database;
    await write(resources, version('Task', 'a', 1, [], 1_000), version('Task', 'gone', 1), version('Task', 'b', 1));
    await write(resources, version('Task', 'a', 2, [code('x')], 2_000), deletion('Task', 'gone', 2, 9_000));
    const current = await resources.read('Task', 'a');
    const before = (await resources.readVersion('Task', 'a', 1))!;
    const replaced = (type: string, id: string, versionId: number) => ({ ...before, type, id, versionId, json: '{"less":1.00}' });
    await database.replaceTexts([
      ...[1, 2, 3].map((versionId) => replaced('Task', 'a', versionId)),
      replaced('Task', 'gone', 1),
      replaced('Task', 'gone', 2),
      replaced('Task', 'b', 1),
      replaced('Task', 'never', 1),
    ]);
    expect(await resources.readVersion('Task', 'a', 1)).toEqual({ ...before, json: '{"less":1.00}' });
    expect(await resources.read('Task', 'a')).toEqual(current);
    expect(await idsByCode(resources, 'x')).toEqual(['a']);
    expect(await resources.readVersion('Task', 'a', 3)).toBeUndefined();
    expect((await resources.readVersion('Task', 'gone', 1))?.json).toBe('{"less":1.00}');
    expect((await resources.read('Task', 'gone'))?.json).toBeNull();
    expect((await resources.read('Task', 'b'))?.json).not.toContain('less');
    expect(await resources.read('Task', 'never')).toBeUndefined();
    await write(resources, version('Task', 'a', 3));
    expect((await resources.read('Task', 'a'))?.versionId).toBe(3);
    await database.close();
    await expect(database.replaceTexts([])).rejects.toMatchObject({ status: 503 });
  });
});

const HEAD = '{"backup":"fellesplan","format":1}';
const HEAD_2 = '{"backup":"fellesplan","format":2}';
const GOOD = '{"type":"Task","id":"g","versionId":1,"lastUpdatedMs":1,"method":"PUT","json":"{}"}';
const END = '{"end":{"state":0,"versions":1}}';

it.each([
  { why: 'is no backup', lines: [GOOD, END], error: 'its first line does not say so' },
  { why: 'has a later format', lines: ['{"backup":"fellesplan","format":3}', END], error: 'has format 3' },
  { why: 'has a line that is not JSON', lines: [HEAD, '{"type"', END], error: 'Line 2 of the backup is not JSON' },
  { why: 'has a line that is no object', lines: [HEAD, '7', END], error: 'Line 2 of the backup is not an object' },
  { why: 'has a line that is no version', lines: [HEAD, '{"type":"Task"}', END], error: 'Line 2 of the backup is not a version' },
  {
    why: 'has state without a name',
    lines: [HEAD, '{"state":{"kind":"key"}}', END],
    error: 'Line 2 of the backup is not an entry of state',
  },
  { why: 'lacks a version', lines: [HEAD, GOOD.replace('"versionId":1', '"versionId":3'), END], error: 'does not follow version 0' },
  { why: 'is cut short', lines: [HEAD, GOOD], error: 'cut short' },
  { why: 'lacks lines', lines: [HEAD, END], error: 'does not hold as much' },
  { why: 'says nothing at its end', lines: [HEAD, '{"end":null}'], error: 'does not hold as much' },
  { why: 'goes on after its end', lines: [HEAD, GOOD, END, GOOD], error: 'Line 4 of the backup stands after its end' },
  { why: 'is empty', lines: [], error: 'cut short' },
  { why: 'lacks its digest', lines: [HEAD_2, GOOD, END], error: 'its digest is another' },
])('a file that $why is refused before anything is written', async ({ lines, error }) => {
  await expect(checkBackup(lines)).rejects.toThrow(error);
});

it('a file in which anything but its last line has changed since it was written is refused', async () => {
  const version = { type: 'Task', id: 'g', versionId: 1, lastUpdatedMs: 1, method: 'PUT', json: '{"note":"sju"}' } as const;
  const versions = Readable.from([version]) as AsyncIterable<typeof version>;
  const lines = (await Array.fromAsync(backupLines({ state: [], versions }))).map((line) => line.trimEnd());
  expect(await checkBackup(lines)).toEqual({ state: 0, versions: 1 });
  const changed = lines.map((line) => line.replace('sju', 'syv'));
  await expect(checkBackup(changed)).rejects.toThrow('its digest is another');
  // One of the first version of the format says nothing of it.
  expect(await checkBackup([HEAD, GOOD, END])).toEqual({ state: 0, versions: 1 });
});
