import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchAt, person, type Services, startServices } from './services.ts';

const TYPE = 'urn:ietf:params:oauth:token-type:';
const NUMBER = '13717404089';

let services: Services;
beforeAll(async () => {
  services = await startServices({ spokenFor: ['999000001', '999000004'] });
  const { patient, practitioner, organization, role } = person;
  const unit = (id: string, number: string, above: string) => ({
    ...organization(id, number, id),
    partOf: { reference: `Organization/${above}` },
  });
  await services.put(
    'shared',
    patient('ingrid', NUMBER),
    practitioner('kari', '999012345'),
    organization('hospital', '999000001', 'Fjordheim sykehus'),
    unit('ward', '999000002', 'hospital'),
    unit('room', '999000003', 'ward'),
    organization('other', '999000009', 'Annet sykehus'),
    organization('twin-1', '999000008', 'Tvilling'),
    unit('twin-2', '999000008', 'hospital'),
  );
  await services.put('hospital', patient('h-ingrid', NUMBER), practitioner('h-kari', '999012345'));
  for (const number of ['999000001', '999000002', '999000003', '999000004', '999000008', '999000009', '999000007']) {
    // At the EHR all of them hang together.
    await services.put('hospital', { ...unit(`o-${number}`, number, 'o-999000001') }, role(`at-${number}`, 'h-kari', `o-${number}`));
  }
});
afterAll(() => services.close());

async function exchange(tenant: string) {
  await services.databases.hospital.state.put('ehr/hospital/session', 's', { id: 's', practitionerId: 'h-kari' });
  const tokens = await launchAt(services.ehrs.hospital, { userId: 'h-kari', patient: 'h-ingrid', tenant, sessionId: 's' });
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    client_id: 'fellesplan-app',
    subject_token: tokens.idToken,
    subject_token_type: `${TYPE}id_token`,
    actor_token: tokens.accessToken,
    actor_token_type: `${TYPE}access_token`,
  });
  const response = await fetch(`${services.origin}/auth/token`, { method: 'POST', body: form });
  const { error, error_description } = (await response.json()) as Record<string, string>;
  return [response.status, error, error_description];
}

describe('an EHR that speaks for some organisations', () => {
  it.each([
    ['an organisation it speaks for', '999000001'],
    ['another, which this service does not know', '999000004'],
    ['a unit of one', '999000002'],
    ['a unit of a unit', '999000003'],
  ])('is believed of users of %s', async (_who, number) => {
    expect(await exchange(number)).toEqual([200, undefined, undefined]);
  });

  it.each([
    ['another organisation, whatever it says of it', '999000009'],
    ['one that nobody knows', '999000007'],
    ['one whose number belongs to two', '999000008'],
  ])('is not believed of users of %s', async (_who, number) => {
    expect(await exchange(number)).toEqual([400, 'invalid_request', expect.stringContaining('not trusted to speak for the organisation')]);
    expect(services.attempts.at(-1)).toMatchObject({ kind: 'token-exchange', outcome: 'refused', origin: 'hospital' });
    expect(services.attempts.at(-1)?.reason).toContain('speak for the organisation');
  });
});
