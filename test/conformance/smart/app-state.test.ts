import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SMART_CHECKS } from '../../../server/conformance/smart/all-checks.ts';
import { runSmartChecks } from '../../../server/conformance/smart/run-checks.ts';
import { appStateServer, STATE_CODE, type Wrong } from './app-state-server.ts';
import { type Servers, startServers } from './servers.ts';

const CHECKS = SMART_CHECKS.filter(({ group }) => group === 'App state').map(({ id }) => id);

/** What a server of app state does wrong, and the checks that must say so. */
const SPOILT: readonly (readonly [what: string, wrong: Wrong, found: readonly string[]])[] = [
  ['keeps state otherwise than it was sent', { changesWhatIsSent: true }, ['app-state-as-sent', 'app-state-large']],
  ['keeps nothing large', { keepsNothingLarge: true }, ['app-state-large']],
  ['has one id for all', { oneId: true }, ['app-state-created']],
  ['finds nothing', { findsNothing: true }, ['app-state-found', 'app-state-global']],
  ['finds whatever there is', { findsAll: true }, ['app-state-found-apart']],
  ['has one version for all', { noVersions: true }, ['app-state-updated', 'app-state-update-stale']],
  [
    'does not look at versions',
    { changesWithoutMatch: true },
    ['app-state-update-unmatched', 'app-state-update-stale', 'app-state-delete-unmatched'],
  ],
  ['changes subject and code', { changesAnything: true }, ['app-state-subject-stays', 'app-state-code-stays']],
  ['keeps what was removed', { keepsWhatIsRemoved: true }, ['app-state-deleted']],
  ['asks nobody for a token', { asksNobody: true }, ['app-state-token']],
  ['takes any code', { takesAnyCode: true }, ['app-state-foreign-code']],
];

let servers: Servers;
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers.close());
afterEach(() => servers.front.spoil());

async function outcomes(wrong?: Wrong) {
  const { front } = servers;
  front.spoil(appStateServer(front.origin, wrong));
  const appState = { code: STATE_CODE, scope: 'launch openid patient/*.rs' };
  const results = await runSmartChecks({ ...servers.suiteConfig('hospital'), appState }, { only: ['app-state'] });
  expect(front.faults).toEqual([]);
  return results;
}

describe('app state', () => {
  it('passes as SMART has it', async () => {
    const results = await outcomes();
    expect(results.filter(({ outcome }) => outcome !== 'pass').map(({ check, reason }) => [check.id, reason])).toEqual([]);
    expect(results.map(({ check }) => check.id)).toEqual(CHECKS);
  });

  it.each(SPOILT)('is found out where a server %s', async (_what, wrong, found) => {
    const failed = (await outcomes(wrong)).filter(({ outcome }) => outcome === 'fail').map(({ check }) => check.id);
    expect(found.filter((id) => !failed.includes(id))).toEqual([]);
  });

  it('has a server for every check that is wrong in just that', () => {
    expect([...new Set(SPOILT.flatMap(([, , found]) => found))].sort()).toEqual([...CHECKS].sort());
  });

  it.each([
    ['no state code is configured', {}, true],
    ['smart-app-state is not announced', { appState: { code: STATE_CODE, scope: 'launch' } }, false],
    ['the suite may not write', { appState: { code: STATE_CODE, scope: 'launch' }, mayWrite: false }, true],
  ])('is not tried where %s', async (reason, more, isAnnounced) => {
    if (isAnnounced) servers.front.spoil(appStateServer(servers.front.origin));
    const results = await runSmartChecks({ ...servers.suiteConfig('hospital'), ...more }, { only: ['app-state'] });
    expect(new Set(results.map((result) => result.reason))).toEqual(new Set([reason]));
  });
});
