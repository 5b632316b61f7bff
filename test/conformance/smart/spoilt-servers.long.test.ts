import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SMART_CHECKS } from '../../../server/conformance/smart/all-checks.ts';
import { runSmartChecks } from '../../../server/conformance/smart/run-checks.ts';
import { type Servers, startServers } from './servers.ts';
import { signing } from './spoilers.ts';
import { SPOILT_AUTHORIZATION } from './spoilt-authorization.ts';
import { SPOILT_DOCUMENTS } from './spoilt-documents.ts';
import { SPOILT_KEYS_AND_BRANDS } from './spoilt-keys-and-brands.ts';
import { SPOILT } from './spoilt-servers.ts';
import { SPOILT_TOKENS } from './spoilt-tokens.ts';

const EVERY_SPOILT = [...SPOILT, ...SPOILT_DOCUMENTS, ...SPOILT_AUTHORIZATION, ...SPOILT_TOKENS, ...SPOILT_KEYS_AND_BRANDS];

/** Proven where servers are made that ours cannot be spoilt into: other-servers.test.ts, expiry.long.test.ts, app-state.test.ts. */
const PROVEN_ELSEWHERE = [
  ...SMART_CHECKS.filter(({ group }) => group === 'App state').map(({ id }) => id),
  ...['tls-base', 'discovery-tls', 'tls-certificate', 'tls-no-tls-1', 'tls-no-tls-1-1', 'tls-current'],
  ...['access-expired', 'introspection-expired', 'refresh-after-expiry', 'backend-expired', 'token-code-expires'],
];

it('proves of every check of the suite that it can fail', () => {
  const proven = new Set([...EVERY_SPOILT.flatMap(({ found }) => found), ...PROVEN_ELSEWHERE]);
  expect([...proven].sort()).toEqual(SMART_CHECKS.map(({ id }) => id).sort());
});

/** The same server and checks as in our-record-systems.long.test.ts, where all of them pass. */
let servers: Servers;
beforeAll(async () => {
  servers = await startServers({ https: true });
});
afterAll(() => servers.close());

describe('the suite finds out a server that', () => {
  it.each(EVERY_SPOILT)('$wrong', async ({ spoiler, found }) => {
    servers.front.asSomebodyNew();
    const spoilt = await spoiler(servers);
    servers.front.spoil(spoilt);
    const results = await runSmartChecks(servers.suiteConfig('hospital'), { only: found }).finally(() => servers.front.spoil());
    const failed = results.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check.id);
    expect(servers.front.faults).toEqual([]);
    expect(found.filter((id) => !failed.includes(id))).toEqual([]);
    expect(results.filter(({ reason }) => reason?.startsWith('the answer could not be understood'))).toEqual([]);
  });
});

it('the suite passes an at_hash that is that of the access token', async () => {
  const hash = (token: unknown) => createHash('sha256').update(String(token)).digest().subarray(0, 16).toString('base64url');
  servers.front.spoil(await signing((_claims, { access_token: token }) => ({ at_hash: hash(token) })));
  const results = await runSmartChecks(servers.suiteConfig('hospital'), { only: ['id-token-at-hash'] }).finally(() =>
    servers.front.spoil(),
  );
  expect(results.map(({ outcome, reason }) => [outcome, reason])).toEqual([['pass', undefined]]);
});
