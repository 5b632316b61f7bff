import { afterAll, beforeAll, expect, it } from 'vitest';
import { PLAN_APP } from '../../server/auth/plan-app.ts';
import { person, redeemAt, type Services, startServices } from './services.ts';

const HPR = '999012345';
const ORGANIZATION = '999000001';
let services: Services;

beforeAll(async () => {
  // Users can start the app at the shared service as well, and there it may have a refresh token.
  services = await startServices({ people: [] });
  const { practitioner, organization, role } = person;
  for (const base of ['shared', 'hospital'] as const) {
    await services.put(base, practitioner('kari', HPR), organization('o', ORGANIZATION, 'Fjordheim'), role('r', 'kari', 'o'));
  }
});
afterAll(() => services.close());

it.each<[asked: string | undefined]>([[undefined], ['patient/*.rs offline_access online_access']])(
  'an exchange that asks for %j grants no scope of a refresh token, since it gives none',
  async (scope) => {
    const { hospital } = services.ehrs;
    const context = { tenant: ORGANIZATION };
    const { idToken, accessToken } = await redeemAt(
      hospital,
      await hospital.server.mintLaunch({ clientId: PLAN_APP, userId: 'kari', context }),
    );
    const body = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      client_id: PLAN_APP,
      subject_token: idToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      actor_token: accessToken,
      actor_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      ...(scope === undefined ? {} : { scope }),
    });
    const answer = await fetch(`${services.shared.issuer}/token`, { method: 'POST', body });
    const given = (await answer.json()) as Record<string, string>;
    expect(given.refresh_token).toBeUndefined();
    expect(given.scope).toContain('patient/*.');
    expect(given.scope).not.toMatch(/offline_access|online_access/);
  },
);
