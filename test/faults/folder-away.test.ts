/** A data folder that is not to be found for a while, as when what it is mounted on hangs or is mounted anew. */
import { mkdtemp, rename, rm, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { version } from '../store/version.ts';
import { openNewSqlite } from '../support/stores.ts';

const MINUTE_MS = 60_000;

afterEach(() => {
  vi.useRealTimers();
});

it('does not end the process that has its files open', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fellesplan-away-'));
  const away = `${folder}-away`;
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { resources } = await openNewSqlite({ file: join(folder, 'fellesplan.sqlite') });
  const writes = [version('Task', 'a', 1)];
  await resources.transact({ lookups: {}, build: () => ({ writes, result: 0 }) });
  await rename(folder, away);
  await symlink(folder, folder);
  vi.advanceTimersByTime(MINUTE_MS);
  expect(await resources.read('Task', 'a')).toMatchObject({ versionId: 1 });
  await unlink(folder);
  await rename(away, folder);
  vi.advanceTimersByTime(MINUTE_MS);
  expect(await resources.read('Task', 'a')).toMatchObject({ versionId: 1 });
  await resources.close();
  await rm(folder, { recursive: true });
});
