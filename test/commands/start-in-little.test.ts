import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type ProductProcess, startProduct } from '../e2e/demo-process.ts';

let service: ProductProcess | undefined;
let dataDir = '';

afterEach(async () => {
  await service?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function commandLineWith(env: Readonly<Record<string, string>>): Promise<string> {
  dataDir = mkdtempSync(join(tmpdir(), 'fellesplan-little-'));
  service = await startProduct('serve', { dataDir, env: { HOST: '127.0.0.1', FELLESPLAN_LOG: 'silent', ...env } });
  return execFileSync('ps', ['-o', 'args=', '-p', String(service.pid)], { encoding: 'utf8' });
}

describe('the command that serves', () => {
  it('begins anew as the same process with a small young generation', async () => {
    expect(await commandLineWith({})).toMatch(/ --max-semi-space-size=8 .*fellesplan\.js serve/);
  });

  it('leaves the young generation as somebody has said it is to be', async () => {
    expect(await commandLineWith({ NODE_OPTIONS: '--max-semi-space-size=16' })).not.toContain('--max-semi-space-size=8');
  });
});
