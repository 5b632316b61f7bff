import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLAN_APP } from '../../../server/auth/plan-app.ts';
import { requester } from '../../../server/conformance/smart/http.ts';
import { pressThrough } from '../../../server/conformance/smart/sign-in-driver.ts';
import { consentTo, inRole } from '../access-rule/record-parts.ts';
import { person, type Services, startServices } from '../services.ts';
import { challengeOf, VERIFIER } from '../smart-server.ts';

const FNR = 'urn:oid:2.16.578.1.12.4.1.4.1';
const REDIRECT = 'https://app.example/app/';
const ARNE = '09815430414';
const NORA = '13717404089';
const LISE = '17834201585';
const TONE = '23817010075';
const WORK = '999000001';

let services: Services;
beforeAll(async () => {
  const at4 = { securityLevel: '4', organizationParent: WORK } as const;
  services = await startServices({
    people: [
      { id: 'arne', name: 'Arne', nationalNumber: ARNE, securityLevel: '4' },
      { id: 'arne-at-work', name: 'Arne på jobb', nationalNumber: ARNE, ...at4 },
      { id: 'nora', name: 'Nora', nationalNumber: NORA, hprNumber: '999012345', ...at4 },
      { id: 'tone', name: 'Tone', nationalNumber: TONE, ...at4 },
      { id: 'lise', name: 'Lise', nationalNumber: LISE, securityLevel: '4' },
    ],
  });
  const { patient, practitioner, organization, role } = person;
  const team = (id: string, ...members: readonly string[]) => ({
    resourceType: 'CareTeam',
    id: `${id}-team`,
    status: 'active',
    subject: { reference: `Patient/${id}` },
    participant: members.map((member) => inRole('annen', member)),
  });
  const relative = (id: string, of: string, number: string, more: object = {}) => ({
    resourceType: 'RelatedPerson',
    id,
    patient: { reference: `Patient/${of}` },
    identifier: [{ system: FNR, value: number }],
    ...more,
  });
  const innsyn = (of: string, ...actor: readonly string[]) => ({ ...consentTo('innsyn', of, { actor }), id: `${of}-innsyn` });
  await services.put(
    'shared',
    organization('work', WORK, 'Solvik kommune'),
    patient('arne', ARNE, 'Kvamsdal'),
    patient('nora', NORA, 'Berg'),
    patient('other', '11880252072', 'Annen'),
    patient('mother', '02925537074', 'Mor'),
    practitioner('nora-at-work', '999012345', 'Berg'),
    role('nora-role', 'nora-at-work', 'work'),
    relative('daughter', 'mother', NORA),
    // The same daughter noted twice; the first is no longer in use.
    relative('a-lise-before', 'mother', LISE, { active: false }),
    relative('lise-now', 'mother', LISE),
    team('other', 'PractitionerRole/nora-role', 'PractitionerRole/tone-at-work-role'),
    team('mother', 'RelatedPerson/daughter', 'RelatedPerson/lise-now', 'PractitionerRole/nora-role'),
    innsyn('other', 'Organization/work'),
    innsyn('mother', 'RelatedPerson/daughter', 'RelatedPerson/lise-now', 'Organization/work'),
  );
});
afterAll(() => services.close());

/** What the token says of whoever signs in as this person and presses these, or the last page when it came to none. */
async function signedIn(who: string, patient?: string): Promise<Record<string, unknown> | string> {
  const request = new URLSearchParams({
    response_type: 'code',
    client_id: PLAN_APP,
    redirect_uri: REDIRECT,
    scope: 'openid launch/patient patient/*.rs',
    state: 's',
    aud: services.shared.fhirBaseUrl,
    code_challenge: challengeOf(VERIFIER),
    code_challenge_method: 'S256',
  });
  const press = ['^Sign in with', `^${who}\\s+security level 4$`, ...(patient === undefined ? [] : [patient]), '^Allow$'];
  const start = { url: `${services.shared.issuer}/authorize?${request}` };
  const { redirect, last } = await pressThrough(requester(0), start, [REDIRECT], { press });
  const code = redirect?.searchParams.get('code');
  if (code == null) return last.text;
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT,
    code_verifier: VERIFIER,
    client_id: PLAN_APP,
  });
  const answer = await fetch(`${services.shared.issuer}/token`, { method: 'POST', body });
  const { access_token: token, tenant } = (await answer.json()) as { access_token: string; tenant?: string };
  const { sub, patient: opened, organization_number: at, hpr_number: hpr } = decodeJwt(token);
  return JSON.parse(JSON.stringify({ sub, opened, at, hpr, tenant })) as Record<string, unknown>;
}

describe('whoever signs in and is several things', () => {
  it('opens their own record as the patient, also when they work in health care, without what work gives them', async () => {
    expect(await signedIn('Nora', 'Berg')).toEqual({ sub: 'Patient/nora', opened: 'nora' });
  });

  it('opens the record of a relative as the relative, and of others as who they are at work', async () => {
    expect(await signedIn('Nora', 'Mor')).toEqual({ sub: 'RelatedPerson/daughter', opened: 'mother' });
    const atWork = { sub: 'Practitioner/nora-at-work', opened: 'other', at: WORK, hpr: '999012345', tenant: WORK };
    expect(await signedIn('Nora', 'Annen')).toEqual(atWork);
  });

  it('opens a record by the one of two relations that lets them in', async () => {
    expect(await signedIn('Lise', 'Mor')).toEqual({ sub: 'RelatedPerson/lise-now', opened: 'mother' });
  });
});

/** A Person with a number, whose Practitioner works at `work`. */
async function number(id: string, value: string, keeper: string, practitioner: string): Promise<void> {
  await services.put(
    'shared',
    { resourceType: 'Practitioner', id: practitioner },
    person.role(`${practitioner}-role`, practitioner, 'work'),
    {
      resourceType: 'Person',
      id,
      identifier: [{ system: FNR, value }],
      managingOrganization: { reference: `Organization/${keeper}` },
      link: [{ target: { reference: `Practitioner/${practitioner}` } }],
    },
  );
}

describe('who works here without an HPR number', () => {
  it('is found by the Person with their number, and opens records as who they are at work', async () => {
    await number('tone-person', TONE, 'work', 'tone-at-work');
    expect(await signedIn('Tone', 'Annen')).toMatchObject({ sub: 'Practitioner/tone-at-work', opened: 'other', at: WORK });
  });
});

describe('a Person with the number of a patient', () => {
  it('neither keeps the patient out nor makes them one of another organisation’s staff', async () => {
    await services.put('shared', person.organization('elsewhere', '999000002', 'Et annet sted'));
    await number('planted-person', ARNE, 'elsewhere', 'planted');
    expect(await signedIn('Arne')).toEqual({ sub: 'Patient/arne', opened: 'arne' });
    expect(await signedIn('Arne på jobb')).toEqual({ sub: 'Patient/arne', opened: 'arne' });
    expect(await signedIn('Arne på jobb', 'Annen')).not.toMatchObject({ opened: 'other' });
  });

  it('keeps the patient’s own record theirs where it makes them one of the staff', async () => {
    await number('planted-person', ARNE, 'work', 'planted');
    expect(await signedIn('Arne på jobb', 'Kvamsdal')).toEqual({ sub: 'Patient/arne', opened: 'arne' });
  });
});
