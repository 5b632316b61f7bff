/** Reads of one turn of the event loop share what they see; nobody is shown less than what has been acknowledged. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Connection } from '../../server/store/sqlite/connection.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { version } from './version.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fellesplan-turn-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a turn of reading', () => {
  it('sees the same commits until it ends', async () => {
    const options = { cacheBytes: 1_000_000, searchTimeoutMs: 3_000 };
    const [reader, writer] = [1, 2].map(() => new Connection(join(folder, 'turn.db'), options)) as [Connection, Connection];
    const count = () => reader.readInTurn(() => reader.query({ sql: 'SELECT count(*) AS n FROM state', values: [] })[0]?.n);
    const add = (id: string) => writer.exec(`INSERT INTO state (kind, id, value) VALUES ('k', '${id}', '{}')`);
    expect(count()).toBe(0);
    add('a');
    expect([count(), reader.inTransaction]).toEqual([0, false]);
    reader.endTurn();
    expect(count()).toBe(1);
    add('b');
    expect(count()).toBe(1);
    await setImmediate();
    expect(count()).toBe(2);
    reader.close();
    writer.close();
    await setImmediate();
  });

  it.each([
    ['on the main thread', 1_000],
    ['on a thread of its own', 0],
  ])('ends with every write that is acknowledged, written %s', async (_where, threadAfterGroups) => {
    const { resources, close } = await openSqliteStore({ file: join(folder, 'turn.db'), threadAfterGroups });
    let writing = true;
    const readers = Array.from({ length: 8 }, async () => {
      while (writing) {
        await resources.read('Task', 't0');
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    });
    const write = (id: string, n: number) =>
      resources.transact({ lookups: {}, build: () => ({ writes: [version('Task', id, n)], result: n }) });
    const writers = Array.from({ length: 8 }, async (_, place) => {
      for (let n = 1; n <= 40; n += 1) {
        await write(`t${place}`, n);
        expect((await resources.read('Task', `t${place}`))?.versionId).toBe(n);
      }
    });
    await Promise.all(writers);
    writing = false;
    await Promise.all(readers);
    await close();
  });
});
