import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSmartChecks } from '../../../server/conformance/smart/run-checks.ts';
import { expectEveryRequirementMet } from './every-requirement.ts';
import { type Servers, startServers } from './servers.ts';

describe('every requirement is met', () => {
  let servers: Servers;
  beforeAll(async () => {
    servers = await startServers({ https: true });
  });
  afterAll(() => servers.close());

  it.each([
    ['the hospital’s record system', 'hospital'],
    ['the municipality’s record system', 'municipality'],
  ] as const)('by %s', { timeout: 120_000 }, (_title, name) => expectEveryRequirementMet(servers, name));

  it('and what is said of clients with keys is tried where these are all registered by URL', async () => {
    servers.front.asSomebodyNew();
    const { clients, ...config } = servers.suiteConfig('hospital');
    const { asymmetricByUrl, backendByUrl } = clients;
    const only = ['token-asymmetric-client', 'id-token-asymmetric-client', 'backend-reads', 'backend-scope-enforced', 'assertion-'];
    const results = await runSmartChecks(
      { ...config, clients: { asymmetricByUrl: asymmetricByUrl!, backendByUrl: backendByUrl! } },
      { only },
    );
    expect(results.length).toBeGreaterThan(20);
    expect(results.filter(({ outcome }) => outcome !== 'pass').map(({ check, reason }) => [check.id, reason])).toEqual([]);
  });
});

it('has launches from the pages of a record system too', { timeout: 60_000 }, async () => {
  const servers = await startServers();
  const { ehrLaunch, ...config } = servers.suiteConfig('hospital');
  const paged = { ...config, ehrLaunch: { ...ehrLaunch!, provider: servers.pages('hospital') } };
  const results = await runSmartChecks(paged, { only: ['ehr-launch', 'context-ehr-patient'] });
  await servers.close();
  expect(results.map(({ check, outcome, reason }) => [check.id, outcome, reason])).toEqual(
    ['ehr-launch-iss', 'ehr-launch-code', 'ehr-launch-post', 'context-ehr-patient', 'context-ehr-patient-read'].map((id) => [
      id,
      'pass',
      undefined,
    ]),
  );
});
