/** Runs the whole suite against one of our servers: all is met, and nothing is left out but what cannot be tried here. */
import { expect } from 'vitest';
import { SMART_CHECKS } from '../../../server/conformance/smart/all-checks.ts';
import { type CheckResult, runSmartChecks } from '../../../server/conformance/smart/run-checks.ts';
import type { ServerName, Servers } from './servers.ts';

/** What cannot be tried here, and why: nothing else may be left out. */
const WITHOUT_TLS = {
  'tls-no-tls-1': 'the server is reached without TLS',
  'tls-no-tls-1-1': 'the server is reached without TLS',
  'tls-current': 'the server is reached without TLS',
};
/** Tried over TLS in test/auth/key-set-fetch.test.ts and its like: key sets are fetched by https only. */
const NO_KEY_URL = {
  'token-key-by-url': 'no client of the kind asymmetricByUrl is configured',
  'assertion-registered-jku': 'no client of the kind asymmetricByUrl is configured',
};
const NO_WAITING = {
  'token-code-expires': 'the suite may not wait 61 seconds',
  'access-expired': 'the suite may not wait 901 seconds',
};
const NOT_OFFERED = {
  'id-token-at-hash': 'there is no at_hash',
  'brands-bundle': 'no user_access_brand_bundle is announced',
  'brands-cors': 'no user_access_brand_bundle is announced',
  'brands-etag': 'no user_access_brand_bundle is announced',
};
const EVERYWHERE = { ...WITHOUT_TLS, ...NO_KEY_URL, ...NO_WAITING, ...NOT_OFFERED };
/** The shared service opens no apps: that is for record systems. */
const NO_EHR_LAUNCH = Object.fromEntries(
  [
    ...['discovery-launch-ehr', 'discovery-set-ehr', 'ehr-launch-iss', 'ehr-launch-code', 'ehr-launch-post'],
    ...['authorization-launch-invented', 'authorization-launch-replayed', 'authorization-launch-other-client'],
    ...['context-ehr-patient', 'context-ehr-patient-read', 'context-encounter', 'context-encounter-read', 'context-banner'],
    ...['context-style', 'context-style-json', 'context-style-keys', 'context-style-cors'],
  ].map((id) => [id, 'no EHR launch is configured']),
);
const NO_EHR_CONTEXT = {
  'context-intent': 'there is no intent',
  'context-fhir-context': 'there is no fhirContext',
  'context-fhir-context-launch': 'there is no fhirContext',
  'context-fhir-context-role': 'there is no fhirContext',
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
