import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLAN_APP } from '../../server/auth/plan-app.ts';
import { person, type Services, startServices } from '../auth/services.ts';
import { boxesIn, browser } from '../auth/sign-in/browser.ts';
import { challengeOf, VERIFIER } from '../auth/smart-server.ts';

const REDIRECT = 'https://app.example/app/';
let services: Services;

beforeAll(async () => {
  services = await startServices();
  const { patient, practitioner, organization, role } = person;
  await services.put('hospital', patient('p1', '13717404089', 'Solberg'), organization('o', '999000001', 'Fjordheim sykehus'));
  await services.put('hospital', practitioner('pr1', '999012345', 'Berg'), role('r1', 'pr1', 'o'));
});
afterAll(() => services.close());

describe('an app started outside the simulated EHR', () => {
  it('is let in by choice of user and patient, reads the patient and is refreshed while the user is signed in', async () => {
    const { server, fhirBaseUrl } = services.ehrs.hospital;
    const user = browser();
    const request = new URLSearchParams({
      response_type: 'code',
      client_id: PLAN_APP,
      redirect_uri: REDIRECT,
      scope: 'openid fhirUser launch/patient online_access patient/*.rs',
      state: 's',
      aud: fhirBaseUrl,
      code_challenge: challengeOf(VERIFIER),
      code_challenge_method: 'S256',
    });
    const url = (await user.get(`${server.issuer}/authorize?${request}`)).location!;
    const users = await user.get(url);
    expect(users.text).toContain('Kari Berg');
    await user.post(url, users, [
      ['step', 'enter'],
      ['id', 'r1'],
    ]);
    expect((await user.get(url)).text).toContain('Ingrid Solberg');
    await user.post(url, users, [
      ['step', 'patient'],
      ['id', 'p1'],
    ]);
    const consent = await user.get(url);
    const allowed = boxesIn(consent.text).map((scope) => ['scope', scope] as const);
    const answer = await user.post(url, consent, [['step', 'allow'], ...allowed]);
    const code = new URL(answer.location!).searchParams.get('code')!;
    const token = async (fields: Record<string, string>) => {
      const body = new URLSearchParams({ client_id: PLAN_APP, ...fields });
      return (await (await fetch(`${server.issuer}/token`, { method: 'POST', body })).json()) as Record<string, string>;
    };
    const first = await token({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT, code_verifier: VERIFIER });
    expect(first).toMatchObject({ patient: 'p1', need_patient_banner: true, tenant: '999000001' });
    const again = await token({ grant_type: 'refresh_token', refresh_token: first.refresh_token! });
    const read = await fetch(`${fhirBaseUrl}/Patient/p1`, { headers: { Authorization: `Bearer ${again.access_token}` } });
    expect(read.status).toBe(200);
  });
});
