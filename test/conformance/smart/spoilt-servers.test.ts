import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSmartChecks } from '../../../server/conformance/smart/run-checks.ts';
import { type Servers, startServers } from './servers.ts';
import { SPOILT_KEYS_AND_BRANDS } from './spoilt-keys-and-brands.ts';
import { SPOILT } from './spoilt-servers.ts';

/** The same server and checks as in our-record-systems.test.ts, where all of them pass. */
let servers: Servers;
beforeAll(async () => {
  servers = await startServers({ https: true });
});
afterAll(() => servers.close());

describe('the suite finds out a server that', () => {
  it.each([...SPOILT, ...SPOILT_KEYS_AND_BRANDS])('$wrong', async ({ spoiler, found }) => {
    servers.front.asSomebodyNew();
    const spoilt = await spoiler(servers);
    servers.front.spoil(spoilt);
    const results = await runSmartChecks(servers.suiteConfig('hospital'), { only: found }).finally(() => servers.front.spoil());
    const failed = results.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check.id);
    expect(servers.front.faults).toEqual([]);
    expect(found.filter((id) => !failed.includes(id))).toEqual([]);
  });
});
