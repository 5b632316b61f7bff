/**
 * Many clients read and write the same few resources at the same time, on SQLite by one process, on PostgreSQL by two servers
 * on one database; what they were told must be as if one thing had been done after the other.
 * `CLIENT_SEEDS` (`from-to`) and `CLIENT_STEPS` make it longer.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Database } from '../../server/store/database.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { freshPostgresUrl } from '../support/stores.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { faultsOf, type Histories, type Version } from './linearizable/judge.ts';
import { GROUPS, IDS, runClients, type Step } from './linearizable/steps.ts';

const [FIRST = 1, LAST = FIRST] = (process.env.CLIENT_SEEDS ?? '1').split('-').map(Number);
const SEEDS = Array.from({ length: LAST - FIRST + 1 }, (_, at) => FIRST + at);
const STEPS = Number(process.env.CLIENT_STEPS ?? 60);
const CLIENTS = 10;
const EXPECTED = [200, 201, 204, 404, 409, 410, 412];

const databases: Database[] = [];
const servers: TestServer[] = [];
let folder: string | undefined;
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await Promise.all(databases.splice(0).map((database) => database.close()));
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

async function serve(database: Database): Promise<TestServer> {
  if (!databases.includes(database)) databases.push(database);
  const services = { nowMs: Date.now, newId: () => randomUUID(), writeValidation: 'off' } as const;
  const server = await startTestServer({ store: database.resources, services });
  servers.push(server);
  return server;
}

async function onSqlite(): Promise<readonly TestServer[]> {
  folder = await mkdtemp(join(tmpdir(), 'fellesplan-linear-'));
  const database = await openSqliteStore({ file: join(folder, 'a.db') });
  return [await serve(database)];
}

async function onPostgres(): Promise<readonly TestServer[]> {
  const url = await freshPostgresUrl();
  return Promise.all([1, 2].map(async () => serve(await openPostgresStore({ url, connections: 4 }))));
}

describe.each([
  ['SQLite', onSqlite],
  ['PostgreSQL', onPostgres],
])('clients at the same time on %s', (_name, start) => {
  it.each(SEEDS)('are told what one server could tell that does one thing after the other, seed %i', { timeout: 300_000 }, async (seed) => {
    const started = await start();
    const steps = await runClients(started, seed, CLIENTS, STEPS);
    const [server] = started as [TestServer];
    const histories = new Map<string, readonly Version[]>();
    for (const id of IDS) histories.set(id, await historyOf(server, id));
    expect([...new Set(steps.map(({ status }) => status))].filter((status) => !EXPECTED.includes(status))).toEqual([]);
    expect(faultsOf(steps, histories)).toEqual([]);
    expect(written(steps)).toBeGreaterThan((CLIENTS * STEPS) / 4);
    for (const each of started) await expectTotals(each, histories);
  });
});

const written = (steps: readonly Step[]): number => steps.reduce((sum, step) => sum + step.written.length, 0);

describe('the judge of what clients were told', () => {
  const version = (mark: string | undefined, tags: readonly string[] = []): Version => ({
    method: mark === undefined ? 'DELETE' : 'PUT',
    mark,
    tags,
    group: 'red',
  });
  const step = (from: number, to: number, over: Partial<Step>): Step => ({
    what: 'step',
    from,
    to,
    status: 200,
    written: [],
    seen: [],
    unwritten: [],
    ...over,
  });
  const wrote = (id: string, number: number, mark: string) => ({ id, version: number, how: 'put', mark }) as const;
  const histories = new Map([
    ['a', [version('one'), version('two')]],
    ['b', [version('two')]],
  ]);
  const writes = [step(1, 2, { written: [wrote('a', 1, 'one')] }), step(3, 6, { written: [wrote('a', 2, 'two'), wrote('b', 1, 'two')] })];

  it.each<readonly [what: string, steps: readonly Step[], faults: number]>([
    ['nothing where all fits', [step(4, 5, { seen: [{ id: 'a', version: 1 }] }), step(7, 8, { seen: [{ id: 'a', version: 2 }] })], 0],
    ['what is read after a newer version was acknowledged', [step(7, 8, { seen: [{ id: 'a', version: 1 }] })], 1],
    ['what is read before it was written', [step(2, 3, { seen: [{ id: 'a', version: 2 }] })], 1],
    [
      'a read that goes back behind another',
      [step(4, 5, { seen: [{ id: 'a', version: 2 }] }), step(5.1, 5.2, { seen: [{ id: 'a', version: 1 }] })],
      1,
    ],
    [
      'half of a transaction',
      [
        step(4, 5, {
          seen: [
            { id: 'a', version: 1 },
            { id: 'b', version: 1 },
          ],
        }),
      ],
      1,
    ],
    ['a member that a search lacks', [step(7, 8, { group: 'red', seen: [{ id: 'a', version: 2 }] })], 1],
    ['a refusal that nothing explains', [step(7, 8, { status: 412, refused: { id: 'a', matched: 2 } })], 1],
    ['a write that was refused and done', [step(7, 8, { status: 412, unwritten: ['one'] })], 1],
    ['a write that the history does not have', [step(7, 8, { written: [wrote('b', 2, 'three')] })], 1],
    ['a version acknowledged twice', [step(4, 5, { written: [wrote('b', 1, 'two')] })], 1],
  ])('finds %s', (_what, steps, faults) => {
    expect(faultsOf([...writes, ...steps], histories)).toHaveLength(faults);
  });
});

interface Entry {
  readonly request: { readonly method: string };
  readonly resource?: {
    readonly meta: { readonly versionId: string };
    readonly identifier: readonly { readonly system: string; readonly value: string }[];
    readonly code: { readonly text: string; readonly coding: readonly { readonly code: string }[] };
  };
}

async function historyOf(server: TestServer, id: string): Promise<readonly Version[]> {
  const versions: Version[] = [];
  let next: string | undefined = `Basic/${id}/_history?_count=100`;
  while (next !== undefined) {
    const { body } = await server.request('GET', next);
    for (const { request, resource } of (body.entry ?? []) as readonly Entry[]) {
      versions.unshift({
        method: request.method,
        mark: resource?.code.text,
        tags: (resource?.identifier ?? []).filter(({ system }) => system === 'urn:tag').map(({ value }) => value),
        group: resource?.code.coding[0]?.code,
      });
    }
    const links = (body.link ?? []) as readonly { readonly relation: string; readonly url: string }[];
    next = links.find(({ relation }) => relation === 'next')?.url;
  }
  return versions;
}

/** When all is quiet, totals and searches are what the histories end with. */
async function expectTotals(server: TestServer, histories: Histories): Promise<void> {
  for (const group of GROUPS) {
    const members = [...histories].filter(([, versions]) => versions.at(-1)?.group === group).map(([id]) => id);
    const { body } = await server.request('GET', `Basic?code=${group}&_total=accurate&_count=1`);
    expect(body.total).toBe(members.length);
    const counted = await server.request('GET', `Basic?code=${group}&_summary=count`);
    expect(counted.body.total).toBe(members.length);
  }
}
