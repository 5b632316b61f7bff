/** A PostgreSQL that says nothing any more: its host has failed, or a firewall has forgotten the connections. */
import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../server/store/database.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { freshPostgresUrl } from '../support/stores.ts';
import { version } from './version.ts';

const ANSWER_WITHIN_MS = 500;

let between: Server;
let sockets: Socket[];
let database: Database;

beforeEach(async () => {
  const url = new URL(await freshPostgresUrl());
  const [port, host] = [Number(url.port), url.hostname];
  sockets = [];
  between = createServer((near) => {
    const far = dial(port, host);
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on('error', () => undefined).on('close', () => [near, far].map((each) => each.destroy()));
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => {
    between.listen(0, '127.0.0.1', resolve);
  });
  const address = between.address();
  url.hostname = '127.0.0.1';
  url.port = String(typeof address === 'object' ? address?.port : '');
  database = await openPostgresStore({ url: url.href, connections: 2, answerWithinMs: ANSWER_WITHIN_MS });
});
afterEach(async () => {
  await database.close();
  for (const socket of sockets) socket.destroy();
  between.close();
});

/** What goes through connections that are there now is swallowed from now on; new ones are not touched. */
function fallSilent(): void {
  for (const socket of sockets.splice(0)) socket.unpipe().on('data', () => undefined);
}

it('is 503 transient for whoever waits, on every connection, and is gone on with when it answers again', async () => {
  const { resources, state } = database;
  await state.put('key', 'k', {});
  await Promise.all([1, 2].map(() => resources.ping()));
  fallSilent();
  const outage = { status: 503, issues: [{ code: 'transient' }] };
  const startedMs = performance.now();
  const key = { type: 'Task', id: 'a' };
  const writes = [version(key.type, key.id, 1)];
  const [got, links, read] = await Promise.allSettled([
    state.get('key', 'k'),
    resources.referencesFrom([key], undefined, undefined),
    resources.read(key.type, key.id),
  ]);
  expect(got).toMatchObject({ status: 'rejected', reason: outage });
  expect(links).toMatchObject({ status: 'rejected', reason: outage });
  // It was waiting for a connection, and got a new one.
  expect(read).toEqual({ status: 'fulfilled', value: undefined });
  await resources.transact({ lookups: { versions: [key] }, build: () => ({ writes, result: 0 }) });
  expect(performance.now() - startedMs).toBeLessThan(20 * ANSWER_WITHIN_MS);
  expect(await resources.read(key.type, key.id)).toMatchObject({ versionId: 1 });
});

it('fails a transaction in its middle, and does not keep the store from closing', async () => {
  await database.state.put('key', 'k', {});
  fallSilent();
  await expect(database.state.put('key', 'k', { n: 1 })).rejects.toMatchObject({ status: 503 });
  await database.close();
});

it('ends a backup, and gives its connection to nobody', async () => {
  const { resources, versions } = database;
  const writes = Array.from({ length: 300 }, (_, n) => version('Task', `t${n}`, 1));
  await resources.transact({ lookups: {}, build: () => ({ writes, result: 0 }) });
  const backup = async (): Promise<void> => {
    for await (const { id } of versions()) if (id === 't0') fallSilent();
  };
  await expect(backup()).rejects.toThrow('Query read timeout');
  await Promise.all([1, 2].map(() => resources.ping()));
});
