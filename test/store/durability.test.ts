/** What has been acknowledged is there after a crash; processes that compete for one thing get it once. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import type { Database } from '../../server/store/database.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import type { ResourceStore } from '../../server/store/resource-store.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { createDatabase, startPostgres } from '../support/postgres-setup.ts';
import { freshPostgresUrl } from '../support/stores.ts';
import { version } from './version.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const closing = (database: Database): Database => {
  cleanUps.push(() => database.close());
  return database;
};

function start(script: string, ...args: string[]): ChildProcessByStdio<null, Readable, null> {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  cleanUps.push(async () => void child.kill('SIGKILL'));
  return child;
}

/** Lets a writer run until it has had `enough` writes acknowledged, kills it, and gives all it said. */
async function acknowledged(place: string, enough: number): Promise<string[]> {
  const child = start('writer.ts', place, 'w');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === enough) child.kill('SIGKILL');
  }
  // The last line may have been cut off by the kill.
  return lines.filter((line) => / \d+$/.test(line)).slice(0, -1);
}

/** Every acknowledged version can be read, the current one is no older, and a Task and its Goal were written together. */
async function expectAll(store: ResourceStore, lines: readonly string[]): Promise<void> {
  const missing: string[] = [];
  for (const line of lines) {
    const [key = '', versionId] = line.split(' ');
    const [type = '', id = ''] = key.split('/');
    const kept = await store.readVersion(type, id, Number(versionId));
    const current = await store.read(type, id);
    if (kept?.json !== version(type, id, Number(versionId)).json || (current?.versionId ?? 0) < Number(versionId)) missing.push(line);
    if (type === 'Task' && (await store.read('Goal', `${id}-${current?.versionId}`)) === undefined) missing.push(`${line} Goal`);
  }
  expect(missing).toEqual([]);
}

describe('an acknowledged write is there at its version', () => {
  it('after a process that writes to SQLite with 200 clients is killed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fellesplan-durable-'));
    cleanUps.push(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'durable.db');
    for (const enough of [600, 1500]) {
      const lines = await acknowledged(file, enough);
      expect(lines.length).toBeGreaterThan(200);
      const database = await openSqliteStore({ file });
      await expectAll(database.resources, lines);
      await database.close();
    }
  });

  it('after a process that writes to PostgreSQL with 200 clients is killed', async () => {
    const url = await freshPostgresUrl();
    const lines = await acknowledged(url, 1500);
    expect(lines.length).toBeGreaterThan(200);
    await expectAll(closing(await openPostgresStore({ url })).resources, lines);
  });

  it('after PostgreSQL itself is killed; meanwhile calls fail with 503 transient, and then go on by themselves', {
    timeout: 60_000,
  }, async () => {
    const postgres = await startPostgres({ fsync: false });
    cleanUps.push(() => postgres.stop());
    await createDatabase(postgres.url, 'durable', 'template0');
    const { resources } = closing(await openPostgresStore({ url: `${postgres.url}/durable` }));
    const lines: string[] = [];
    const failures: unknown[] = [];
    let stopped = false;
    const client = async (n: number): Promise<void> => {
      for (let versionId = 1; !stopped; versionId += 1) {
        const id = `c${n}-${versionId}`;
        const write = version('Task', id, 1);
        try {
          await resources.transact({ lookups: {}, build: () => ({ writes: [write], result: 0 }) });
          lines.push(id);
        } catch (error) {
          failures.push(error);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    };
    const clients = Array.from({ length: 200 }, (_, n) => client(n));
    while (lines.length < 500) await new Promise((resolve) => setTimeout(resolve, 10));
    await postgres.crash();
    const before = lines.length;
    while (lines.length < before + 200) await new Promise((resolve) => setTimeout(resolve, 10));
    stopped = true;
    await Promise.all(clients);
    expect(failures.length).toBeGreaterThan(0);
    for (const failure of failures) expect(failure).toMatchObject({ status: 503, issues: [{ code: 'transient' }] });
    const missing: string[] = [];
    for (const id of lines) {
      if ((await resources.readVersion('Task', id, 1))?.json !== version('Task', id, 1).json) missing.push(id);
    }
    expect(missing).toEqual([]);
  });
});

describe('several processes on one PostgreSQL database', () => {
  it('create one resource when 500 clients create it on condition that there is none', { timeout: 60_000 }, async () => {
    const url = await freshPostgresUrl();
    const identifiers = 5;
    const created = await Promise.all(
      Array.from({ length: 4 }, async (_, n) => {
        const child = start('creator.ts', url, `p${n}`, `${identifiers}`, '125');
        const lines: string[] = [];
        for await (const line of createInterface({ input: child.stdout })) lines.push(line);
        if (child.exitCode === null) await once(child, 'exit');
        expect(child.exitCode).toBe(0);
        return lines;
      }),
    );
    expect(created.flat().sort()).toEqual(Array.from({ length: identifiers }, (_, n) => `created ${n}`));
  });

  it('give versions without a gap to 200 clients that update one resource', async () => {
    const url = await freshPostgresUrl();
    const databases = [closing(await openPostgresStore({ url })), closing(await openPostgresStore({ url }))];
    const update = ({ resources }: Database): Promise<number> =>
      resources.transact({
        lookups: { versions: [{ type: 'CarePlan', id: 'c' }] },
        build: (found) => {
          const versionId = (found.version('CarePlan', 'c')?.versionId ?? 0) + 1;
          return { writes: [version('CarePlan', 'c', versionId)], result: versionId };
        },
      });
    const versions = await Promise.all(Array.from({ length: 200 }, (_, n) => update(databases[n % 2] as Database)));
    expect(versions.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
    const history = await (databases[0] as Database).resources.history({ type: 'CarePlan', id: 'c', limit: 300 });
    expect(history.versions.map((each) => each.versionId)).toEqual(Array.from({ length: 200 }, (_, n) => 200 - n));
  });
});
