import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SMART_CHECKS } from '../../../server/conformance/smart/all-checks.ts';
import { REPORT_WORDS } from '../../../server/conformance/smart/reports/words.ts';
import { type CheckResult, runSmartChecks } from '../../../server/conformance/smart/run-checks.ts';
import { freshPostgresUrl } from '../../support/stores.ts';
import { type ServerName, type Servers, startServers } from './servers.ts';

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

const told = (results: readonly CheckResult[], outcome: CheckResult['outcome']) =>
  Object.fromEntries(results.filter((result) => result.outcome === outcome).map(({ check, reason }) => [check.id, reason]));

describe('the suite', () => {
  it('has 150 checks and more, each with an id of its own, a title and a section of a specification', () => {
    expect(SMART_CHECKS.length).toBeGreaterThanOrEqual(300);
    expect(new Set(SMART_CHECKS.map(({ id }) => id)).size).toBe(SMART_CHECKS.length);
    for (const check of SMART_CHECKS) {
      expect(check.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
      expect(check.spec).toMatch(/^https:\/\//);
      expect(check.title.length).toBeGreaterThan(10);
    }
  });

  it('checks 90 and more of the public kit’s numbered requirements', () => {
    expect(new Set(SMART_CHECKS.flatMap(({ requirements }) => requirements)).size).toBeGreaterThanOrEqual(90);
  });

  it('calls each of its groups by a name in every language', () => {
    const groups = [...new Set(SMART_CHECKS.map(({ group }) => group))].sort();
    expect(Object.keys(REPORT_WORDS.nb.groups).sort()).toEqual(groups);
    expect(Object.keys(REPORT_WORDS.nn.groups).sort()).toEqual(groups);
  });
});

describe('every requirement is met', () => {
  let servers: Servers;
  beforeAll(async () => {
    servers = await startServers();
  });
  afterAll(() => servers.close());

  it.each([
    ['the hospital’s record system', 'hospital'],
    ['the municipality’s record system', 'municipality'],
    ['the shared service', 'shared'],
  ] as const)('by %s', { timeout: 120_000 }, async (_title, name) => {
    const results = await runSmartChecks(servers.suiteConfig(name));
    expect(results.length).toBe(SMART_CHECKS.length);
    expect(told(results, 'fail')).toEqual({});
    expect(told(results, 'not-applicable')).toEqual(NOT_TRIED[name]);
  });

  it('by the shared service on PostgreSQL', { timeout: 120_000 }, async () => {
    const onPostgres = await startServers({ databaseUrl: await freshPostgresUrl() });
    const results = await runSmartChecks(onPostgres.suiteConfig('shared')).finally(() => onPostgres.close());
    expect(told(results, 'fail')).toEqual({});
    expect(told(results, 'not-applicable')).toEqual(NOT_TRIED.shared);
  });
});

describe('a launch', () => {
  it('is had from the pages of a record system too, and a token that has expired is refused', async () => {
    const servers = await startServers({ accessTokenSeconds: 1 });
    const { ehrLaunch, ...config } = servers.suiteConfig('hospital');
    const paged = { ...config, waitAtMostSeconds: 3, ehrLaunch: { ...ehrLaunch!, provider: servers.pages('hospital') } };
    const results = await runSmartChecks(paged, { only: ['ehr-launch', 'context-ehr-patient', 'access-expired'] });
    await servers.close();
    expect(results.map(({ check, outcome, reason }) => [check.id, outcome, reason])).toEqual(
      ['ehr-launch-iss', 'ehr-launch-code', 'ehr-launch-post', 'context-ehr-patient', 'context-ehr-patient-read', 'access-expired'].map(
        (id) => [id, 'pass', undefined],
      ),
    );
  });
});
