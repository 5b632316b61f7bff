/** Servers over one database, as processes would be. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Resource } from '../../server/fhir/resource.ts';
import type { Database } from '../../server/store/database.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { Cluster } from '../soak/cluster.ts';
import { freshPostgresUrl } from '../support/stores.ts';
import { requestAt, startTestServer, type TestServer } from '../support/test-server.ts';
import type { Asks } from './polls.ts';

export const STORES = ['SQLite', 'SQLite whose writer is a thread', 'three servers on PostgreSQL'] as const;

export interface Services {
  readonly servers: readonly Asks[];
  /** Makes the index of all resources anew, while others write. */
  readonly reindex: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** Starts them on a fresh database. */
export async function startServices(store: (typeof STORES)[number]): Promise<Services> {
  const folder = await mkdtemp(join(tmpdir(), 'fellesplan-isolation-'));
  const databases = store === 'three servers on PostgreSQL' ? await onPostgres() : [await onSqlite(folder, store === 'SQLite' ? 1e9 : 0)];
  const servers = await Promise.all(databases.map(serve));
  const [first] = databases as [Database];
  return {
    servers,
    reindex: () => first.reindex((_type, json) => (servers[0] as TestServer).services.index(JSON.parse(json) as Resource)),
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
      await Promise.all(databases.map((database) => database.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts so many processes on one PostgreSQL database, of which each is asked in its turn. */
export async function startProcesses(count: number): Promise<Services> {
  const cluster = new Cluster(await freshPostgresUrl());
  await cluster.start(count);
  const request: Asks['request'] = (...args) => requestAt(cluster.url, ...args);
  return { servers: [{ request }], reindex: async () => 0, close: () => cluster.stop() };
}

async function onPostgres(): Promise<readonly Database[]> {
  const url = await freshPostgresUrl();
  return Promise.all([1, 2, 3].map(() => openPostgresStore({ url, connections: 6 })));
}

function onSqlite(folder: string, threadAfterGroups: number): Promise<Database> {
  return openSqliteStore({ file: join(folder, 'a.db'), threadAfterGroups });
}

function serve({ resources, state }: Database): Promise<TestServer> {
  const services = { state, nowMs: Date.now, newId: () => randomUUID(), writeValidation: 'off' } as const;
  return startTestServer({ store: resources, services });
}
