/** Syncing the log of SQLite beside what is written to it. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { IN_MEMORY, WriteAheadLog } from '../../server/store/sqlite/write-ahead-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'fellesplan-log-'));
const file = join(folder, 'x.db');
let log = new WriteAheadLog(file);
afterEach(async () => {
  await log.close();
  rmSync(`${file}-wal`, { force: true });
  log = new WriteAheadLog(file);
});

const oneTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('The log', () => {
  it('is synced once for all that wait for the same sync, and again for what was committed since it began', async () => {
    writeFileSync(`${file}-wal`, 'commit');
    const first = log.sync();
    expect(log.sync()).toBe(first);
    await oneTurn();
    const second = log.sync();
    expect(second).not.toBe(first);
    expect(log.sync()).toBe(second);
    const order: string[] = [];
    await Promise.all([second.then(() => order.push('second')), first.then(() => order.push('first'))]);
    expect(order).toEqual(['first', 'second']);
  });

  it('tells all who waited that it could not be synced, and no others', async () => {
    const failed = await Promise.allSettled([log.sync(), log.sync()]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    writeFileSync(`${file}-wal`, 'commit');
    await expect(log.sync()).resolves.toBeUndefined();
  });

  it('is waited for when it is closed', async () => {
    writeFileSync(`${file}-wal`, 'commit');
    const syncing = [log.sync()];
    await oneTurn();
    syncing.push(log.sync());
    await log.close();
    expect((await Promise.allSettled(syncing)).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  });

  it('that could not be synced is moved into the file and begun anew before anything else counts as written', async () => {
    const database = new DatabaseSync(join(folder, 'failing.db'));
    database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (n)');
    const size = (): number => statSync(join(folder, 'failing.db-wal')).size;
    const sizes: number[] = [];
    let isBroken = true;
    const failing = new WriteAheadLog(join(folder, 'failing.db'), async () => {
      sizes.push(size());
      if (isBroken) throw new Error('EIO');
    });
    await expect(failing.sync()).rejects.toThrow('EIO');
    isBroken = false;
    const reader = new DatabaseSync(join(folder, 'failing.db'));
    reader.exec('BEGIN; SELECT * FROM t');
    database.exec('INSERT INTO t VALUES (1)');
    await expect(failing.sync()).rejects.toThrow('cannot be moved into the database file just now');
    reader.close();
    await expect(failing.sync()).resolves.toBeUndefined();
    database.exec('INSERT INTO t VALUES (2)');
    await failing.sync();
    expect(sizes).toEqual([expect.any(Number), 0, expect.any(Number)]);
    expect(sizes.every((each, at) => at === 1 || each > 0)).toBe(true);
    await failing.close();
    database.close();
  });

  it('is none in memory', async () => {
    await expect(new WriteAheadLog(IN_MEMORY).sync()).resolves.toBeUndefined();
  });
});
