/** Workers that hang are found and replaced; those that are busy, stopped or held by a debugger are left alone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { hashOfSecret } from '../../server/auth/clients.ts';
import { temporaryFolder } from '../cli/run-cli.ts';
import { freePort } from '../support/free-port.ts';
import { freshPostgresUrl } from '../support/stores.ts';

const SERVICE = join(import.meta.dirname, 'watched-service.ts');
/** Longer than a silent one is left alone. */
const LONGER_MS = 7_500;

let child: ChildProcess | undefined;
afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    for (const pid of await workersOf(child)) process.kill(pid, 'SIGKILL');
    child.kill('SIGKILL');
    await ended;
  }
});

interface Watched {
  readonly url: string;
  readonly first: ChildProcess;
  readonly workers: readonly number[];
  readonly output: () => string;
}

async function startWatched(): Promise<Watched> {
  const folder = temporaryFolder();
  const clients = join(folder, 'clients.json');
  const system = {
    clientId: 'system',
    name: 'System',
    authentication: { method: 'client_secret_basic', secretHash: hashOfSecret('secret') },
    grants: ['client_credentials'],
    scopes: ['system/*.cruds'],
    scopesAlone: true,
  };
  await writeFile(clients, JSON.stringify([system]));
  const port = await freePort();
  const own = { PORT: String(port), HOST: '127.0.0.1', FELLESPLAN_DATA: folder, FELLESPLAN_CLIENTS: clients, FELLESPLAN_LOG: 'error' };
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;
  const env = { PATH, NODE_COMPILE_CACHE, ...own, DATABASE_URL: await freshPostgresUrl() };
  const first = spawn(process.execPath, [SERVICE], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  child = first;
  let printed = '';
  for (const stream of [first.stdout, first.stderr]) {
    stream.on('data', (chunk) => {
      printed += chunk;
    });
  }
  await expect.poll(() => printed, { timeout: 60_000 }).toContain('Ready');
  return { url: `http://127.0.0.1:${port}`, first, workers: await workersOf(first), output: () => printed };
}

async function workersOf({ pid }: ChildProcess): Promise<readonly number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return children.trim().split(' ').filter(Boolean).map(Number);
}

async function tokenOf(url: string): Promise<string> {
  const headers = { Authorization: `Basic ${Buffer.from('system:secret').toString('base64')}` };
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'system/*.cruds' });
  return ((await (await fetch(`${url}/auth/token`, { method: 'POST', headers, body })).json()) as { access_token: string }).access_token;
}

describe('a worker that hangs', () => {
  it('is replaced, the other answers meanwhile, what waits for it is broken off, and no acknowledged write is lost', {
    timeout: 120_000,
  }, async () => {
    const { url, first, workers, output } = await startWatched();
    const headers = { Authorization: `Bearer ${await tokenOf(url)}`, 'Content-Type': 'application/fhir+json' };
    const acknowledged: string[] = [];
    const broken: number[] = [];
    let running = true;
    const writer = async (name: number): Promise<void> => {
      for (let n = 0; running; n += 1) {
        const id = `b-${name}-${n}`;
        const body = JSON.stringify({ resourceType: 'Basic', id, code: { text: 'x' } });
        const startedMs = Date.now();
        const status = await fetch(`${url}/fhir/Basic/${id}`, { method: 'PUT', headers, body }).then(
          (answer) => answer.status,
          () => undefined,
        );
        if (status === 201) acknowledged.push(id);
        else broken.push(Date.now() - startedMs);
        await setTimeout(20);
      }
    };
    const writing = Array.from({ length: 8 }, (_, name) => writer(name));
    await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(20);
    process.kill(workers[0]!, 'SIGUSR2');
    await setTimeout(1_000);
    const before = acknowledged.length;
    await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(before + 20);
    expect(await workersOf(first)).toContain(workers[0]);
    await expect.poll(output, { timeout: 30_000 }).toContain('"event":"worker-hangs","worker":0');
    await expect.poll(() => workersOf(first), { timeout: 30_000 }).not.toContain(workers[0]);
    await expect.poll(async () => (await workersOf(first)).length, { timeout: 30_000 }).toBe(2);
    running = false;
    await Promise.all(writing);
    expect(broken.length).toBeGreaterThan(0);
    const readable = await Promise.all(acknowledged.map(async (id) => (await fetch(`${url}/fhir/Basic/${id}`, { headers })).status));
    expect(readable.filter((status) => status !== 200)).toEqual([]);
    expect(output()).not.toContain('"worker":1');
  });

  it('is ended when the service stops', { timeout: 90_000 }, async () => {
    const { first, workers } = await startWatched();
    process.kill(workers[1]!, 'SIGUSR2');
    await setTimeout(200);
    const ended = once(first, 'exit');
    first.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});

describe('a worker is left alone', () => {
  it('while it is busy for a moment, and while somebody has stopped it', { timeout: 90_000 }, async () => {
    const { first, workers, output } = await startWatched();
    for (let n = 0; n < 4; n += 1) {
      process.kill(workers[0]!, 'SIGWINCH');
      await setTimeout(1_200);
    }
    process.kill(workers[1]!, 'SIGSTOP');
    await setTimeout(LONGER_MS);
    process.kill(workers[1]!, 'SIGCONT');
    expect(output()).not.toContain('worker-');
    expect(await workersOf(first)).toEqual(workers);
  });

  it('while a debugger may hold it', { timeout: 90_000 }, async () => {
    const { first, workers, output } = await startWatched();
    process.kill(workers[0]!, 'SIGUSR1');
    await expect.poll(output, { timeout: 10_000 }).toContain('Debugger listening');
    await setTimeout(500);
    process.kill(workers[0]!, 'SIGUSR2');
    await setTimeout(LONGER_MS);
    expect(output()).not.toContain('worker-hangs');
    expect(await workersOf(first)).toEqual(workers);
  });
});
