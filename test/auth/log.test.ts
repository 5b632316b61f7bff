import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLAN_APP } from '../../server/auth/plan-app.ts';
import { person, redeemAt, type Services, startServices } from './services.ts';
import { browser } from './sign-in/browser.ts';
import { challengeOf, VERIFIER } from './smart-server.ts';

/** What must never be in the log: tokens and other secrets by which one gets in, and numbers of people. */
const NUMBER = '13717404089';
const HPR = '999012345';
const REQUEST_ID = /"requestId":"[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}"/g;
const secrets = new Set<string>([NUMBER, HPR, VERIFIER]);
let services: Services;

beforeAll(async () => {
  const people = [
    { id: 'nurse', name: 'Kari', hprNumber: HPR, nationalNumber: NUMBER, securityLevel: '4', organizationParent: '999000001' },
  ] as const;
  services = await startServices({ people });
  const { patient, practitioner, organization, role } = person;
  for (const base of ['shared', 'hospital'] as const) {
    await services.put(
      base,
      patient('p1', NUMBER),
      practitioner('pr1', HPR),
      organization('o', '999000001', 'Fjordheim'),
      role('r1', 'pr1', 'o'),
    );
  }
});
afterAll(() => services.close());

const keep = (...values: readonly unknown[]) => {
  for (const value of values) if (typeof value === 'string' && value !== '') secrets.add(value);
};

async function tokenAt(issuer: string, fields: Record<string, string>): Promise<Record<string, string>> {
  const body = new URLSearchParams({ client_id: PLAN_APP, ...fields });
  const answer = (await (await fetch(`${issuer}/token`, { method: 'POST', body })).json()) as Record<string, string>;
  keep(answer.access_token, answer.id_token, answer.refresh_token);
  return answer;
}

describe('the log', () => {
  it('holds no secret and no number, whatever was done and refused', async () => {
    const { hospital } = services.ehrs;
    const launch = await hospital.server.mintLaunch({ clientId: PLAN_APP, userId: 'pr1', context: { patient: 'p1', tenant: '999000001' } });
    const first = await redeemAt(hospital, launch);
    keep(launch, first.accessToken, first.idToken, first.refreshToken);
    const exchange = {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: first.idToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      actor_token: first.accessToken,
      actor_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    };
    const shared = await tokenAt(services.shared.issuer, exchange);
    const spoilt = `${first.idToken.slice(0, -8)}AAAAAAAA`;
    keep(spoilt);
    expect((await tokenAt(services.shared.issuer, { ...exchange, subject_token: spoilt })).error).toBe('invalid_request');
    const again = await tokenAt(hospital.server.issuer, { grant_type: 'refresh_token', refresh_token: first.refreshToken });
    expect(again.access_token ?? again.error).toBeDefined();

    const fhir = services.shared.fhirBaseUrl;
    const bearer = { Authorization: `Bearer ${shared.access_token}` };
    const search = await fetch(`${fhir}/Patient/_search`, {
      method: 'POST',
      headers: bearer,
      body: new URLSearchParams({ identifier: NUMBER }),
    });
    expect(search.status).toBe(200);
    await fetch(`${fhir}/Patient?identifier=${NUMBER}`, { headers: bearer });
    await fetch(`${fhir}/Patient/${NUMBER}`, { headers: bearer });
    await fetch(`${fhir}/Patient/p1`, { headers: { Authorization: `Bearer ${shared.access_token}x` } });
    await fetch(`${fhir}/Patient/p1?access_token=${shared.access_token}`);
    await fetch(`${services.shared.issuer}/${NUMBER}?code=${NUMBER}`);
    await fetch(`${services.shared.issuer}/authorize?client_id=${NUMBER}&redirect_uri=${NUMBER}`);
    await signInByProvider();

    const text = services.lines.join('\n');
    expect(services.lines.length).toBeGreaterThan(10);
    for (const secret of secrets) expect(text).not.toContain(secret);
    // Nor the part by which a token could be put together again, nor what is said inside it.
    expect(text).not.toMatch(/eyJ[\w-]{10,}/);
    expect(text).not.toContain(String(decodeJwt(String(shared.access_token)).jti));
    // Chance makes eleven digits in a row of one in two hundred of the ids that requests are given.
    expect(text.replaceAll(REQUEST_ID, '')).not.toMatch(/(?<!\d)\d{11}(?!\d)/);
  });
});

async function signInByProvider(): Promise<void> {
  const user = browser();
  const request = new URLSearchParams({
    response_type: 'code',
    client_id: PLAN_APP,
    redirect_uri: 'https://app.example/app/',
    scope: 'openid launch/patient',
    state: 'state-of-the-app',
    aud: services.shared.fhirBaseUrl,
    code_challenge: challengeOf(VERIFIER),
    code_challenge_method: 'S256',
  });
  const signIn = (await user.get(`${services.shared.issuer}/authorize?${request}`)).location!;
  keep(signIn.split('/').at(-1), 'state-of-the-app');
  const sent = await user.post(signIn, await user.get(signIn), [['step', 'external']]);
  const choose = (await user.get(sent.location!)).location!;
  const callback = (await user.postForm(choose, new URLSearchParams({ person: 'nurse' }))).location!;
  keep(new URL(sent.location!).searchParams.get('request_uri'), new URL(callback).searchParams.get('code'));
  expect((await user.get(callback)).status).toBe(303);
  expect((await user.get(callback)).status).toBe(400);
}
