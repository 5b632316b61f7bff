/** `--workers N`: several processes of the service on one port and one PostgreSQL. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { freshPostgresUrl } from '../support/stores.ts';

const CLI = join(import.meta.dirname, '../../server/cli.ts');
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

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Runs `serve --workers` with these variables. */
async function serveWith(
  workers: string,
  env: Record<string, string>,
): Promise<{ url: string; process: ChildProcess; output: () => string }> {
  dataDir = await mkdtemp(join(tmpdir(), 'fellesplan-workers-'));
  const port = await freePort();
  const variables = { PATH: process.env.PATH ?? '', PORT: String(port), FELLESPLAN_DATA: dataDir, HOST: '127.0.0.1', ...env };
  child = spawn(process.execPath, [CLI, 'serve', '--workers', workers], { env: variables, stdio: ['ignore', 'pipe', 'pipe'] });
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
