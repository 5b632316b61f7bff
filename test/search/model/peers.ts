/** Both databases behind servers with one clock, which make the same ids. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDefinitions } from '../../../server/definitions/load.ts';
import { createIndexer } from '../../../server/search/index-resource.ts';
import { createSearchRegistry } from '../../../server/search/registry.ts';
import type { Database } from '../../../server/store/database.ts';
import { openPostgresStore } from '../../../server/store/postgres/open.ts';
import { openSqliteStore } from '../../../server/store/sqlite/open.ts';
import { freshPostgresUrl } from '../../support/stores.ts';
import { startTestServer } from '../../support/test-server.ts';
import { type Clock, isSearchable, type Peer } from './compare.ts';
import { BASE } from './reference.ts';

const definitions = loadDefinitions();
const searchRegistry = createSearchRegistry(definitions);

/** Types with rules of their own about what may be written, or that hold no resource of a record. */
const NOT_RANDOM = new Set(['Bundle', 'Binary', 'Parameters', 'Subscription']);
/** The types that worlds are made of. */
export const ALL_TYPES = definitions.resourceTypes.filter((type) => !NOT_RANDOM.has(type) && isSearchable(type));

export const startClock = (): Clock => ({ nowMs: Date.UTC(2026, 2, 2, 8), step: 0 });

/** Starts a server on each database. `close` gets what stops them, to be run from the last to the first. */
export async function startPeers(clock: Clock, close: (() => Promise<void>)[]): Promise<readonly Peer[]> {
  const nowMs = () => clock.nowMs;
  const serve = async (name: string, database: Database): Promise<Peer> => {
    const index = createIndexer(definitions, searchRegistry, { baseUrl: BASE });
    const made = { step: -1, ids: 0 };
    const newId = () => {
      if (made.step !== clock.step) Object.assign(made, { step: clock.step, ids: 0 });
      return `n${clock.step}-${made.ids++}`;
    };
    const services = { baseUrl: BASE, index, nowMs, newId, writeValidation: 'off' } as const;
    const server = await startTestServer({ store: database.resources, services });
    close.push(
      () => database.close(),
      () => server.close(),
    );
    return { name, request: server.request };
  };
  const folder = await mkdtemp(join(tmpdir(), 'fellesplan-model-'));
  close.push(() => rm(folder, { recursive: true, force: true }));
  return [
    await serve('SQLite', await openSqliteStore({ file: join(folder, 'a.db'), nowMs })),
    await serve('PostgreSQL', await openPostgresStore({ url: await freshPostgresUrl(), connections: 4, nowMs })),
  ];
}
