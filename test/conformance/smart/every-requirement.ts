/** Runs the whole suite against one of our servers: all is met, and nothing is left out but what cannot be tried here. */
import { expect } from 'vitest';
import { SMART_CHECKS } from '../../../server/conformance/smart/all-checks.ts';
import { type CheckResult, runSmartChecks } from '../../../server/conformance/smart/run-checks.ts';
import type { ServerName, Servers } from './servers.ts';

/** What cannot be tried here, and why: nothing else may be left out. What expires is tried where it does so soon (expiry.long.test.ts). */
const wait = (seconds: number) => `the suite may not wait ${seconds} seconds (see --wait-for-expiry)`;
const NO_WAITING = {
  'access-expired': wait(901),
  'introspection-expired': wait(901),
  'refresh-after-expiry': wait(901),
  'backend-expired': wait(301),
  'token-code-expires': wait(61),
};
/** Ours comes with a code alone, where it proves nothing. */
const NOT_OFFERED = { 'id-token-at-hash': 'there is no at_hash' };
/** Tried at a server that keeps it (app-state.test.ts). */
const NO_APP_STATE = Object.fromEntries(
  SMART_CHECKS.filter(({ group }) => group === 'App state').map(({ id }) => [id, 'smart-app-state is not announced']),
);
const EVERYWHERE = { ...NO_WAITING, ...NOT_OFFERED, ...NO_APP_STATE };
/** The shared service opens no apps: that is for record systems. */
const NO_EHR_LAUNCH = Object.fromEntries(
  [
    ...['discovery-launch-ehr', 'discovery-set-ehr', 'discovery-set-patient-ehr', 'discovery-set-clinician-ehr'],
    ...['ehr-launch-iss', 'ehr-launch-code', 'ehr-launch-post'],
    ...['authorization-launch-invented', 'authorization-launch-replayed', 'authorization-launch-other-client'],
    ...['context-ehr-patient', 'context-ehr-patient-read', 'context-encounter', 'context-encounter-read', 'context-banner'],
    ...['context-style', 'context-style-json', 'context-style-keys', 'context-style-cors'],
  ].map((id) => [id, 'no EHR launch is configured']),
);
const NO_EHR_CONTEXT = {
  'context-intent': 'there is no intent',
  'introspection-encounter': 'there was no encounter to compare with',
};

const NOT_TRIED: Readonly<Record<ServerName, Readonly<Record<string, string>>>> = {
  hospital: EVERYWHERE,
  municipality: EVERYWHERE,
  shared: { ...EVERYWHERE, ...NO_EHR_LAUNCH, ...NO_EHR_CONTEXT },
};

/** @throws AssertionError that names each check that failed, or was left out without being in the table above. */
export async function expectEveryRequirementMet(servers: Servers, name: ServerName): Promise<void> {
  const results = await runSmartChecks(servers.suiteConfig(name));
  expect(results.length).toBe(SMART_CHECKS.length);
  expect(told(results, 'fail')).toEqual({});
  expect(told(results, 'not-applicable')).toEqual(NOT_TRIED[name]);
}

function told(results: readonly CheckResult[], outcome: CheckResult['outcome']): Record<string, string | undefined> {
  return Object.fromEntries(results.filter((result) => result.outcome === outcome).map(({ check, reason }) => [check.id, reason]));
}
