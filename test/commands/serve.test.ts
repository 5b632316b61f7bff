/** `fellesplan serve` as one process, beside what may happen to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { SOFTWARE } from '../../server/interactions/software.ts';
import { temporaryFolder } from '../cli/run-cli.ts';
import { COMMAND } from '../support/command.ts';
import { freePort } from '../support/free-port.ts';

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
});

function serve(dataDir: string, port: number): { child: ChildProcess; output: () => string } {
  const env = { PATH: process.env.PATH ?? '', PORT: String(port), FELLESPLAN_DATA: dataDir, HOST: '127.0.0.1', FELLESPLAN_LOG: 'info' };
  const child = spawn(process.execPath, [COMMAND, 'serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      printed += chunk;
    });
  }
  return { child, output: () => printed };
}

it('serves on when it is told to reload before it is ready and when nobody reads its log any more, alone on its folder', {
  timeout: 60_000,
}, async () => {
  const folder = temporaryFolder();
  const port = await freePort();
  const { child, output } = serve(folder, port);
  await expect.poll(output, { timeout: 30_000 }).toContain('Starting');
  child.kill('SIGHUP');
  await expect.poll(output, { timeout: 30_000 }).toContain('Ready:');
  const second = serve(folder, await freePort());
  expect(await once(second.child, 'exit')).toEqual([2, null]);
  expect(second.output()).toContain(`${folder} is served by another process already`);
  child.stdout?.destroy();
  child.stderr?.destroy();
  const ask = async (): Promise<number> => (await fetch(`http://127.0.0.1:${port}/fhir/metadata`)).status;
  for (let n = 0; n < 3; n += 1) expect(await ask()).toBe(200);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

it('ends with code 0 when it is told to before it is ready', { timeout: 60_000 }, async () => {
  const { child, output } = serve(temporaryFolder(), await freePort());
  await expect.poll(output, { timeout: 30_000 }).toContain('Starting');
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

it('tells in the log which version has started on what, and which signal it ends at', { timeout: 60_000 }, async () => {
  const port = await freePort();
  const { child, output } = serve(temporaryFolder(), port);
  await expect.poll(output, { timeout: 30_000 }).toContain('Ready:');
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  const lines = output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const url = `http://localhost:${port}`;
  expect(lines).toEqual([
    expect.objectContaining({ level: 'info', event: 'started', version: SOFTWARE.version, store: 'SQLite', url, workers: 1 }),
    expect.objectContaining({ level: 'info', event: 'stopping', signal: 'SIGTERM' }),
  ]);
});
