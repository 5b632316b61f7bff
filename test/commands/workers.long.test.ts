/** `--workers N`: several processes of the service on one port and one PostgreSQL. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { hashOfSecret } from '../../server/auth/clients.ts';
import { COMMAND } from '../support/command.ts';
import { freePort } from '../support/free-port.ts';
import { freshPostgresUrl } from '../support/stores.ts';

let child: ChildProcess | undefined;
let dataDir = '';

afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
  child = undefined;
  await rm(dataDir, { recursive: true, force: true });
});

/** The first of two free ports that follow each other. */
async function twoFreePorts(): Promise<number> {
  for (;;) {
    const port = await freePort();
    const probe = createServer().listen(port + 1, '127.0.0.1');
    const isFree = await once(probe, 'listening').then(
      () => true,
      () => false,
    );
    probe.close();
    if (isFree) return port;
  }
}

/** Runs `serve --workers` with these variables. */
async function serveWith(
  workers: string,
  env: Record<string, string>,
): Promise<{ url: string; process: ChildProcess; output: () => string }> {
  dataDir = await mkdtemp(join(tmpdir(), 'fellesplan-workers-'));
  const port = await freePort();
  const variables = { PATH: process.env.PATH ?? '', PORT: String(port), FELLESPLAN_DATA: dataDir, HOST: '127.0.0.1', ...env };
  child = spawn(process.execPath, [COMMAND, 'serve', '--workers', workers], { env: variables, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      printed += chunk;
    });
  }
  return { url: `http://127.0.0.1:${port}`, process: child, output: () => printed };
}

const childrenOf = async (pid: number): Promise<readonly string[]> =>
  (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter((each) => each !== '');

/** A request for a token of which only the head has come: `finish` sends the rest and gives the status of the answer. */
async function requestUnderWay(url: string): Promise<{ finish: () => Promise<string> }> {
  const { hostname, port } = new URL(url);
  const body = 'grant_type=client_credentials';
  const socket = connect({ host: hostname, port: Number(port) });
  const answer = text(socket);
  const head = ['POST /auth/token HTTP/1.1', `Host: ${hostname}`, 'Content-Type: application/x-www-form-urlencoded', 'Connection: close'];
  socket.write(`${[...head, `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n`);
  // It has to reach a worker first.
  await setTimeout(500);
  return {
    async finish() {
      socket.write(body);
      return (await answer).slice(0, 'HTTP/1.1 400'.length);
    },
  };
}

const isAlive = (pid: string): boolean => {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
};

describe('several workers', () => {
  it('answer on one port, replace one that is killed, and end with code 0', { timeout: 90_000 }, async () => {
    const { url, process: first, output } = await serveWith('2', { DATABASE_URL: await freshPostgresUrl(), FELLESPLAN_LOG: 'error' });
    await expect.poll(output, { timeout: 60_000 }).toContain('Ready:');
    const before = await childrenOf(first.pid ?? 0);
    expect(before).toHaveLength(2);
    // A connection that was handed to a process in the moment of its end gets no answer.
    const ask = async (): Promise<number> =>
      (await fetch(`${url}/readyz`, { headers: { Connection: 'close' }, signal: AbortSignal.timeout(2_000) })).status;
    expect(await Promise.all(Array.from({ length: 10 }, ask))).toEqual(Array(10).fill(200));
    process.kill(Number(before[0]), 'SIGKILL');
    await expect.poll(ask, { timeout: 10_000 }).toBe(200);
    const replaced = async (): Promise<boolean> => {
      const now = await childrenOf(first.pid ?? 0);
      return now.length === 2 && !now.includes(before[0] ?? '');
    };
    await expect.poll(replaced, { timeout: 30_000 }).toBe(true);
    const ended = once(first, 'exit');
    first.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it('each read the clients anew at SIGHUP, and tell their numbers at ports of their own', { timeout: 90_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fellesplan-clients-'));
    const file = join(folder, 'clients.json');
    const write = (...clients: object[]) => writeFile(file, JSON.stringify(clients));
    await write();
    await writeFile(join(folder, 'database-url'), `${await freshPostgresUrl()}\n`, { mode: 0o600 });
    const metricsPort = await twoFreePorts();
    const {
      url,
      process: first,
      output,
    } = await serveWith('2', {
      DATABASE_URL_FILE: join(folder, 'database-url'),
      FELLESPLAN_LOG: 'error',
      FELLESPLAN_CLIENTS: file,
      FELLESPLAN_METRICS_LISTEN: `127.0.0.1:${metricsPort}`,
    });
    await expect.poll(output, { timeout: 60_000 }).toContain('Ready:');
    const metrics = async (number: number): Promise<string> => (await fetch(`http://127.0.0.1:${metricsPort + number}/metrics`)).text();
    for (const number of [0, 1]) expect(await metrics(number)).toContain('db_system_name="postgresql"');

    const ask = async (): Promise<number> => {
      const headers = { Authorization: `Basic ${Buffer.from('late-system:secret').toString('base64')}`, Connection: 'close' };
      const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'system/CarePlan.rs' });
      return (await fetch(`${url}/auth/token`, { method: 'POST', headers, body })).status;
    };
    const askAll = async () => [...new Set(await Promise.all(Array.from({ length: 8 }, ask)))];
    expect(await askAll()).toEqual([401]);
    await write({
      clientId: 'late-system',
      name: 'Late',
      authentication: { method: 'client_secret_basic', secretHash: hashOfSecret('secret') },
      grants: ['client_credentials'],
      scopes: ['system/CarePlan.rs'],
      scopesAlone: true,
    });
    first.kill('SIGHUP');
    await expect.poll(askAll, { timeout: 10_000 }).toEqual([200]);

    const [one] = await childrenOf(first.pid ?? 0);
    process.kill(Number(one), 'SIGKILL');
    const bothTell = async (): Promise<boolean> =>
      (await Promise.all([0, 1].map((number) => metrics(number).catch(() => '')))).every((text) => text !== '');
    await expect.poll(async () => (await childrenOf(first.pid ?? 0)).includes(one ?? ''), { timeout: 10_000 }).toBe(false);
    await expect.poll(bothTell, { timeout: 30_000 }).toBe(true);
    await rm(folder, { recursive: true });
  });

  it('finish their requests when all processes are asked to end at once, and when the first one is killed', {
    timeout: 90_000,
  }, async () => {
    const DATABASE_URL = await freshPostgresUrl();
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const { url, process: first, output } = await serveWith('2', { DATABASE_URL, FELLESPLAN_LOG: 'error' });
      await expect.poll(output, { timeout: 60_000 }).toContain('Ready:');
      const open = await requestUnderWay(url);
      const workers = await childrenOf(first.pid ?? 0);
      const ended = once(first, 'exit');
      if (signal === 'SIGTERM') for (const worker of workers) process.kill(Number(worker), signal);
      first.kill(signal);
      await setTimeout(500);
      expect(await open.finish(), signal).toBe('HTTP/1.1 400');
      expect(await ended).toEqual(signal === 'SIGTERM' ? [0, null] : [null, 'SIGKILL']);
      await expect.poll(() => workers.filter(isAlive), { timeout: 20_000 }).toEqual([]);
      await rm(dataDir, { recursive: true });
    }
  });

  it('answer what was asked of them when they are told to end, busy as they are, and before the last has started', {
    timeout: 90_000,
  }, async () => {
    const { url, process: first, output } = await serveWith('4', { DATABASE_URL: await freshPostgresUrl(), FELLESPLAN_LOG: 'error' });
    const isReady = () =>
      fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await expect.poll(isReady, { timeout: 60_000 }).toBe(true);
    expect(output()).not.toContain('Ready:');
    const ended = once(first, 'exit');
    const asked = Array.from({ length: 100 }, () => fetch(`${url}/fhir/metadata`).then((answer) => answer.arrayBuffer()));
    await setTimeout(50);
    first.kill('SIGTERM');
    expect(await Promise.allSettled(asked)).toEqual(asked.map(() => expect.objectContaining({ status: 'fulfilled' })));
    expect(await ended).toEqual([0, null]);
    expect(output()).not.toContain('could not start');
  });

  it('end with code 2 when the first cannot start, and say why', { timeout: 60_000 }, async () => {
    const { process: first, output } = await serveWith('2', { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' });
    expect(await once(first, 'exit')).toEqual([2, null]);
    expect(output()).toContain('DATABASE_URL: The database cannot be reached just now (connect ECONNREFUSED 127.0.0.1:1)');
    expect(output()).toContain('a worker could not start');
  });

  it('all end with code 2 when a later one cannot start', { timeout: 60_000 }, async () => {
    const metricsPort = await twoFreePorts();
    const taken = createServer().listen(metricsPort + 1, '127.0.0.1');
    const FELLESPLAN_METRICS_LISTEN = `127.0.0.1:${metricsPort}`;
    const { process: first, output } = await serveWith('2', { DATABASE_URL: await freshPostgresUrl(), FELLESPLAN_METRICS_LISTEN });
    expect(await once(first, 'exit')).toEqual([2, null]);
    expect(output()).toContain(`EADDRINUSE 127.0.0.1:${metricsPort + 1}`);
    taken.close();
  });

  it('are refused without a database that processes can share', async () => {
    const { process: first, output } = await serveWith('2', {});
    expect(await once(first, 'exit')).toEqual([2, null]);
    expect(output()).toContain('--workers: several processes share a PostgreSQL database; set DATABASE_URL');
  });

  it('are refused when their number is none', async () => {
    const { process: first, output } = await serveWith('0', {});
    expect(await once(first, 'exit')).toEqual([2, null]);
    expect(output()).toContain('a whole number from 1 on is wanted');
  });
});
