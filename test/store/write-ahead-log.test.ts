/** Syncing the log of SQLite beside what is written to it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  it('is none in memory', async () => {
    await expect(new WriteAheadLog(IN_MEMORY).sync()).resolves.toBeUndefined();
  });
});
