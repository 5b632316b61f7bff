import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCli, temporaryFolder } from './run-cli.ts';

describe('fellesplan token', () => {
  it('exits 2 and says how to start the demo when none answers, and makes no key', async () => {
    const cwd = temporaryFolder();
    // Nothing listens on port 1.
    const run = await runCli(['token', 'municipality-system'], { cwd, env: { FELLESPLAN_URL: 'http://localhost:1' } });
    expect(run).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: 'fellesplan: no demo answers at http://localhost:1: start it with npm start, with the same PORT and FELLESPLAN_DATA\n',
    });
    expect(existsSync(join(cwd, 'data'))).toBe(false);
  });

  it('exits 2 and makes no key where the data folder is not that of the demo that answers', async () => {
    const answering = createServer((_request, response) => response.end('{}'));
    await new Promise<void>((resolve) => answering.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void answering.close());
    const url = `http://127.0.0.1:${(answering.address() as AddressInfo).port}`;
    const cwd = temporaryFolder();
    const run = await runCli(['token', 'municipality-system'], { cwd, env: { FELLESPLAN_URL: url, FELLESPLAN_DATA: 'elsewhere' } });
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain(
      `elsewhere holds no key of municipality-system: give the FELLESPLAN_DATA of the demo that answers at ${url}`,
    );
    expect(existsSync(join(cwd, 'elsewhere'))).toBe(false);
  });

  it('exits 2 and names the clients there are', async () => {
    expect(await runCli(['token', 'nobody'], { cwd: temporaryFolder() })).toMatchObject({
      exitCode: 2,
      stderr: 'fellesplan: there is no demo client nobody; one of municipality-system, hospital-system, admin-system is wanted\n',
    });
  });
});
