import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSmartChecks } from '../../../server/conformance/smart/run-checks.ts';
import { runCli } from '../../cli/run-cli.ts';
import { type ServerName, type Servers, startServers } from './servers.ts';
import { at, isRefresh } from './spoilers.ts';

const CHECKS = ['access-expired', 'introspection-expired', 'refresh-after-expiry', 'backend-expired', 'token-code-expires'];

/** Servers at which everything is soon over. */
let servers: Servers;
beforeAll(async () => {
  servers = await startServers({ lifetimes: { accessTokenSeconds: 2, codeSeconds: 2 } });
});
afterAll(() => servers.close());

async function outcomes(name: ServerName, more: { readonly waitAtMostSeconds?: number } = {}) {
  const config = { ...servers.suiteConfig(name), waitAtMostSeconds: 3, codeSeconds: 2, ...more };
  const results = await runSmartChecks(config, { only: CHECKS });
  return Object.fromEntries(results.map(({ check, outcome, reason }) => [check.id, reason ?? outcome]));
}

describe('what has had its time', () => {
  it.each(['shared', 'hospital', 'municipality'] as const)('is refused by ours: %s', async (name) => {
    const startedMs = performance.now();
    expect(await outcomes(name)).toEqual(Object.fromEntries(CHECKS.map((id) => [id, 'pass'])));
    // All of it is waited for at the same time.
    expect(performance.now() - startedMs).toBeLessThan(6000);
  });

  it('is not tried when the suite may not wait', async () => {
    const found = await outcomes('hospital', { waitAtMostSeconds: 2 });
    expect(new Set(Object.values(found))).toEqual(new Set(['the suite may not wait 3 seconds (see --wait-for-expiry)']));
  });

  it('is waited for by the command when it is told to', async () => {
    const { fhirBaseUrl, ...config } = servers.suiteConfig('hospital');
    writeFileSync(join(servers.folder, 'smart.json'), JSON.stringify(config));
    const args = ['conformance', 'smart', '--fhir', fhirBaseUrl, '--config', 'smart.json', '--only', 'backend-expired'];
    expect((await runCli(args, { cwd: servers.folder })).stdout).toContain('1 checks: 0 passed, 0 failed');
    expect((await runCli([...args, '--wait-for-expiry'], { cwd: servers.folder })).stdout).toContain('1 checks: 1 passed, 0 failed');
  });

  it('is found out where it is still taken', async () => {
    const ok = (body: object) => ({ status: 200, headers: {}, body: JSON.stringify(body) });
    let redeemed = 0;
    servers.front.spoil({
      answer(message) {
        if (message.path.includes('/fhir/Patient')) return ok({ resourceType: 'Patient' });
        if (at(message, '/introspect')) return ok({ active: true });
        if (isRefresh(message)) return { ...ok({ error: 'invalid_grant' }), status: 400 };
        // The code of the session is redeemed at once, the other one when its time is over.
        redeemed += message.body.includes('grant_type=authorization_code') ? 1 : 0;
        return redeemed > 1 && at(message, '/token') ? ok({}) : undefined;
      },
    });
    const found = await outcomes('hospital').finally(() => servers.front.spoil());
    expect(found).toEqual({
      'access-expired': expect.stringContaining('where 401 is wanted'),
      'introspection-expired': 'active is true',
      'refresh-after-expiry': expect.stringContaining('status 400 where 200 is wanted'),
      'backend-expired': expect.stringContaining('where 401 is wanted'),
      'token-code-expires': expect.stringContaining('status 200 where 400 or 401 is wanted'),
    });
  });
});
