/**
 * Who follows what changes, by the history, by `_lastUpdated` or by exports, is never passed by: a version that is committed
 * late has a time that is asked for next.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#history (`_since`) · https://hl7.org/fhir/uv/bulkdata/STU2/export.html (`transactionTime`)
 */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import type { Database } from '../../server/store/database.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { onEachServer } from '../support/each-server.ts';
import { linkOf } from '../support/expect-answer.ts';
import { freshPostgresUrl } from '../support/stores.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { exported, poll } from './polls.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server process on a database, with a clock that is ahead by so much. */
async function serve(url: string, aheadMs = 0): Promise<{ readonly server: TestServer; readonly database: Database }> {
  const nowMs = () => Date.now() + aheadMs;
  const database = await openPostgresStore({ url, connections: 4, nowMs });
  closing.push(() => database.close());
  const { resources: store, state } = database;
  const server = await startTestServer({ store, services: { state, nowMs, newId: randomUUID } });
  closing.push(() => server.close());
  return { server, database };
}

/** Somebody who holds the row of a resource, so that whoever writes it stands between its time and its commit. */
async function hold(url: string, id: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  closing.push(() => client.end());
  await client.query('BEGIN');
  await client.query('SELECT 1 FROM resource WHERE id = $1 FOR UPDATE', [id]);
  return async () => void (await client.query('ROLLBACK'));
}

const basic = (id: string, text: string): object => ({
  resourceType: 'Basic',
  id,
  identifier: [{ system: 'urn:late', value: id }],
  code: { text },
});

async function put(server: TestServer, id: string, text: string): Promise<number> {
  return (await server.request('PUT', `Basic/${id}`, basic(id, text))).status;
}

/** Each way of writing: at once, after a search, and more than one statement takes. */
const WRITES: readonly (readonly [what: string, write: (server: TestServer) => Promise<number>])[] = [
  ['an update', (server) => put(server, 'late', 'second')],
  [
    'a conditional update',
    async (server) => (await server.request('PUT', 'Basic?identifier=urn:late|late', basic('late', 'second'))).status,
  ],
  [
    'a large transaction',
    async (server) => {
      const ids = ['late', ...Array.from({ length: 60 }, (_, n) => `late-${n}`)];
      const entry = ids.map((id) => ({ resource: basic(id, 'second'), request: { method: 'PUT', url: `Basic/${id}` } }));
      return (await server.request('POST', '', { resourceType: 'Bundle', type: 'transaction', entry })).status;
    },
  ],
];

describe('a version that another process on PostgreSQL commits late', () => {
  describe.each(WRITES)('by %s', (_what, write) => {
    it.each([
      ['_history', '_since='],
      ['Basic', '_lastUpdated=gt'],
      ['Basic', '_lastUpdated=lt2000,gt'],
      ['Basic', '_filter=_lastUpdated gt '],
    ])('is met by who asks %s?%s for what changed', async (path, since) => {
      const url = await freshPostgresUrl();
      const [{ server: one }, { server: other }] = [await serve(url), await serve(url)];
      expect(await put(one, 'late', 'first')).toBe(201);
      const release = await hold(url, 'late');
      const late = write(one);
      await setTimeout(60);
      expect(await put(other, 'early', 'first')).toBe(201);
      const polling = poll(other, `${path}?${since}2026-01-01`);
      await setTimeout(60);
      await release();
      expect(await late).toBe(200);
      const first = await polling;
      expect(first.versions).toContain('early 1');
      const bySeen = await poll(other, `${path}?${since}${first.latest}`);
      expect([...first.versions, ...bySeen.versions]).toContain('late 2');
      if (first.answered === undefined) return;
      const byAnswer = await poll(other, `${path}?${since}${first.answered}`);
      expect([...first.versions, ...byAnswer.versions]).toContain('late 2');
    });
  });

  it('is met by who follows that resource alone, from when they were answered', async () => {
    const url = await freshPostgresUrl();
    const [{ server: one }, { server: other }] = [await serve(url), await serve(url)];
    expect(await put(one, 'late', 'first')).toBe(201);
    const release = await hold(url, 'late');
    const late = put(one, 'late', 'second');
    await setTimeout(60);
    const first = await poll(other, 'Basic/late/_history');
    await release();
    expect(await late).toBe(200);
    expect((await poll(other, `Basic/late/_history?_since=${first.answered}`)).versions).toContain('late 2');
  });

  it('is in the next export', async () => {
    const url = await freshPostgresUrl();
    const [{ server: one }, { server: other }] = [await serve(url), await serve(url)];
    expect(await put(one, 'late', 'first')).toBe(201);
    const release = await hold(url, 'late');
    const late = put(one, 'late', 'second');
    await setTimeout(60);
    const exporting = exported(other, '$export?_type=Basic');
    await setTimeout(250);
    await release();
    expect(await late).toBe(200);
    const first = await exporting;
    const second = await exported(other, `$export?_type=Basic&_since=${first.transactionTime}`);
    expect([...first.versions, ...second.versions]).toContain('late 2');
  });
});

describe('a process whose clock is behind', () => {
  it('writes nothing that comes before what others were told', async () => {
    const url = await freshPostgresUrl();
    const [{ server: behind }, { server: ahead }] = [await serve(url), await serve(url, 5_000)];
    expect(await put(ahead, 'early', 'first')).toBe(201);
    const first = await poll(behind, '_history');
    expect(first.versions).toEqual(['early 1']);
    expect(await put(behind, 'late', 'first')).toBe(201);
    const second = await poll(ahead, `_history?_since=${first.latest}`);
    expect(second.versions).toContain('late 1');
    const third = await poll(ahead, '_history');
    const time = new Date(Date.parse(third.latest) + 1).toISOString();
    expect(await put(behind, 'later', 'first')).toBe(201);
    expect((await poll(behind, `_history?_since=${time}`)).versions).toEqual(['later 1']);
  });

  it('does not follow a clock that is an hour ahead, and hides nothing of what that wrote', async () => {
    const url = await freshPostgresUrl();
    const [{ server: right }, { server: wrong }] = [await serve(url), await serve(url, 3_600_000)];
    expect(await put(wrong, 'early', 'first')).toBe(201);
    expect((await poll(wrong, '_history')).versions).toEqual(['early 1']);
    const first = await poll(right, '_history');
    expect(first.versions).toEqual(['early 1']);
    expect(await put(right, 'late', 'first')).toBe(201);
    const { body } = await right.request('GET', 'Basic/late');
    expect(Math.abs(Date.parse(String((body.meta as { lastUpdated: string }).lastUpdated)) - Date.now())).toBeLessThan(60_000);
  });
});

onEachServer('A follower', (start) => {
  it('goes on from what any page says, also where others wrote between two pages', async () => {
    const server = await start({ services: { nowMs: Date.now, newId: randomUUID } });
    for (const id of ['a', 'b']) expect(await put(server, id, 'first')).toBe(201);
    const first = await server.request('GET', '_history?_count=1');
    expect(await put(server, 'c', 'first')).toBe(201);
    await setTimeout(10);
    const second = await server.request('GET', linkOf(first, 'next') ?? '');
    for (const { body } of [first, second]) {
      const { lastUpdated } = body.meta as { lastUpdated: string };
      expect((await poll(server, `_history?_since=${lastUpdated}`)).versions).toContain('c 1');
    }
  });

  it('meets what was being written while it was answered, and tells nobody of a time that is still open', async () => {
    const server = await start({ services: { nowMs: Date.now, newId: randomUUID } });
    for (let round = 0; round < 15; round += 1) {
      const writing = Array.from({ length: 8 }, (_, n) => put(server, `b${round}-${n}`, 'first'));
      const first = await poll(server, '_history?_count=1000');
      await Promise.all(writing);
      const second = await poll(server, `_history?_count=1000&_since=${first.answered}`);
      const met = new Set([...first.versions, ...second.versions]);
      expect(Array.from({ length: 8 }, (_, n) => `b${round}-${n} 1`).filter((each) => !met.has(each))).toEqual([]);
    }
  });

  it('meets at once what was acknowledged before it asked', async () => {
    const server = await start({ services: { nowMs: Date.now, newId: randomUUID } });
    for (let round = 0; round < 10; round += 1) {
      expect(await put(server, `b${round}`, 'first')).toBe(201);
      expect((await poll(server, '_history')).versions).toContain(`b${round} 1`);
      expect((await poll(server, 'Basic?_lastUpdated=ge2026')).versions).toContain(`b${round} 1`);
    }
  });
});
