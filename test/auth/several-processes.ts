/**
 * An authorization server as several processes of one issuer: on PostgreSQL each with a database connection of its own, on
 * SQLite, where one process serves (of the demo's record systems several), some of them over the same one, whose writer has
 * a thread of its own.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe } from 'vitest';
import type { AuthorizationServerOptions } from '../../server/auth/authorization-server.ts';
import type { Database } from '../../server/store/database.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import type { StateStore } from '../../server/store/state-store.ts';
import { freshPostgresUrl } from '../support/stores.ts';
import { type SmartServer, startSmartServer } from './smart-server.ts';

export interface Processes {
  /** The processes, the issuer's own address first. */
  readonly servers: readonly [SmartServer, SmartServer, SmartServer];
  readonly states: readonly [StateStore, StateStore, StateStore];
}

const COUNT = 3;

/** The tests of `define` on either database; `started` gives the processes of the test that runs. */
export function onSeveralProcesses(
  title: string,
  define: (started: () => Processes) => void,
  options: Partial<AuthorizationServerOptions> = {},
): void {
  describe.each([
    ['SQLite', openSqlite],
    ['PostgreSQL', openPostgres],
  ])(`${title}, in several processes on %s`, (_name, open) => {
    let opened: Awaited<ReturnType<typeof openSqlite>>;
    let servers: SmartServer[] = [];
    beforeEach(async () => {
      opened = await open();
      servers = [];
      for (const { state } of opened.databases) {
        const [first] = servers;
        const same = first === undefined ? {} : { issuer: first.issuer, fhirBaseUrl: first.fhirBaseUrl };
        servers.push(await startSmartServer(state, { ...same, ...options }));
      }
    });
    afterEach(async () => {
      for (const server of servers) await server.close();
      await opened.close();
    });
    define(() => ({
      servers: servers as unknown as Processes['servers'],
      states: opened.databases.map(({ state }) => state) as unknown as Processes['states'],
    }));
  });
}

interface Opened {
  readonly databases: readonly Database[];
  close(): Promise<void>;
}

async function openSqlite(): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'fellesplan-races-'));
  const open = () => openSqliteStore({ file: join(folder, 'state.db'), threadAfterGroups: 0 });
  const [one, other] = [await open(), await open()];
  const close = async () => {
    await one.close();
    await other.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { databases: [one, one, other], close };
}

async function openPostgres(): Promise<Opened> {
  const url = await freshPostgresUrl();
  const databases = await Promise.all(Array.from({ length: COUNT }, () => openPostgresStore({ url, connections: 4 })));
  return { databases, close: async () => void (await Promise.all(databases.map((database) => database.close()))) };
}
