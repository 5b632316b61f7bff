import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLAN_APP } from '../../server/auth/plan-app.ts';
import type { SimulatedPerson } from '../../server/identity-provider/simulated-identity-provider.ts';
import { person, type Services, startServices } from '../auth/services.ts';
import { type Browser, boxesIn, browser, type Page } from '../auth/sign-in/browser.ts';
import { challengeOf, VERIFIER } from '../auth/smart-server.ts';

const REDIRECT = 'https://app.example/app/';
const SCOPE = 'openid fhirUser launch/patient offline_access patient/*.rs user/Practitioner.rs';
const [INGRID, JONAS, MOTHER, TEACHER] = ['13717404089', '02013299997', '30108299939', '23817010075'];
const work = { organizationParent: '999000001', organizationChild: '999000009' };
const people: readonly SimulatedPerson[] = [
  { id: 'nurse', name: 'Kari Berg', hprNumber: '999012345', securityLevel: '4', ...work },
  { id: 'low', name: 'Kari Berg', hprNumber: '999012345', securityLevel: '3', ...work },
  { id: 'stranger', name: 'Ola Ukjent', hprNumber: '999099999', nationalNumber: '17834201585', securityLevel: '4', ...work },
  { id: 'teacher', name: 'Tone Lærer', nationalNumber: TEACHER, securityLevel: '4', ...work },
  { id: 'ingrid', name: 'Ingrid Solberg', nationalNumber: INGRID, securityLevel: '4' },
  { id: 'mother', name: 'Trine Fossdal', nationalNumber: MOTHER, securityLevel: '4' },
];

let services: Services;

beforeAll(async () => {
  services = await startServices({ people });
  const { patient, practitioner, organization, role } = person;
  await services.put('shared', patient('p1', INGRID, 'Solberg'), patient('p2', JONAS, 'Lindvik'), patient('p3', '17834201585', 'Fremmed'));
  // The number of p3 belongs to two: nobody is signed in by it.
  await services.put('shared', patient('p4', '17834201585', 'Dobbel'), organization('o', '999000001', 'Solvik kommune'));
  await services.put('shared', practitioner('pr1', '999012345', 'Berg'), role('r1', 'pr1', 'o'));
  for (const id of ['p1', 'p2']) {
    await services.put(
      'shared',
      {
        resourceType: 'CareTeam',
        id: `team-${id}`,
        status: 'active',
        subject: { reference: `Patient/${id}` },
        participant: [{ member: { reference: 'PractitionerRole/r1' } }],
      },
      {
        resourceType: 'Consent',
        id: `consent-${id}`,
        status: 'active',
        scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
        category: ['plan', 'innsyn'].map((code) => ({
          coding: [{ system: 'https://fellesplan.example/fhir/CodeSystem/fp-consent-purpose', code }],
        })),
        patient: { reference: `Patient/${id}` },
        provision: { type: 'permit' },
      },
    );
  }
});
afterAll(() => services.close());

/** From the app to the provider: the page on which a person is chosen. */
async function toProvider(user: Browser): Promise<{ readonly signIn: string; readonly page: Page; readonly url: string }> {
  const request = new URLSearchParams({
    response_type: 'code',
    client_id: PLAN_APP,
    redirect_uri: REDIRECT,
    scope: SCOPE,
    state: 'st-1',
    aud: services.shared.fhirBaseUrl,
    code_challenge: challengeOf(VERIFIER),
    code_challenge_method: 'S256',
  });
  const signIn = (await user.get(`${services.shared.issuer}/authorize?${request}`)).location!;
  const start = await user.get(signIn);
  expect(start.text).toContain('Logg inn med HelseID (simulert)');
  const sent = await user.post(signIn, start, [['step', 'external']]);
  const url = (await user.get(sent.location!)).location!;
  return { signIn, url, page: await user.get(url) };
}

/** Chooses a person at the provider. @returns the URL of the answer. */
async function choose(user: Browser, at: { readonly url: string }, id: string): Promise<string> {
  return (await user.postForm(at.url, new URLSearchParams({ person: id }))).location!;
}

async function signedIn(user: Browser, id: string): Promise<{ readonly signIn: string; readonly page: Page; readonly answer: Page }> {
  const at = await toProvider(user);
  const answer = await user.get(await choose(user, at, id));
  return { signIn: at.signIn, answer, page: await user.get(at.signIn) };
}

async function tokens(user: Browser, signIn: string): Promise<Record<string, string>> {
  const consent = await user.get(signIn);
  const boxes = boxesIn(consent.text).map((scope) => ['scope', scope] as const);
  const answer = await user.post(signIn, consent, [['step', 'allow'], ...boxes]);
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: PLAN_APP,
    code: new URL(answer.location!).searchParams.get('code')!,
    redirect_uri: REDIRECT,
    code_verifier: VERIFIER,
  });
  return (await (await fetch(`${services.shared.issuer}/token`, { method: 'POST', body })).json()) as Record<string, string>;
}

describe('signing in to the shared service with an identity provider of the shape of HelseID', () => {
  it('finds a private person as patient and as parent, and opens each record as who they are to it', async () => {
    const { patient } = person;
    const child = (id: string, birthDate: string) => ({ ...patient(id, `${id}-number`, 'Fossdal'), birthDate });
    const mother = (of: string, responsibility: string) => ({
      resourceType: 'RelatedPerson',
      id: `mother-of-${of}`,
      identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: MOTHER }],
      patient: { reference: `Patient/${of}` },
      relationship: [
        { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code: 'MTH' }] },
        { coding: [{ system: 'http://hl7.no/fhir/CodeSystem/no-basis-parental-responsibility', code: responsibility }] },
      ],
    });
    const year = new Date().getFullYear();
    await services.put(
      'shared',
      patient('self', MOTHER, 'Fossdal'),
      child('young', `${year - 10}-01-01`),
      child('other', `${year - 10}-01-01`),
    );
    await services.put('shared', mother('young', 'felles'), mother('other', 'far'));
    const user = browser();
    const { signIn, page } = await signedIn(user, 'mother');
    expect([...page.text.matchAll(/name="id" value="([^"]+)"/g)].map(([, id]) => id).sort()).toEqual(['self', 'young']);
    const pick = (id: string) =>
      user.post(signIn, page, [
        ['step', 'patient'],
        ['id', id],
      ] as const);
    await pick('other');
    expect((await user.get(signIn)).text).toContain('name="step" value="patient"');
    await pick('young');
    const body = await tokens(user, signIn);
    const claims = JSON.parse(Buffer.from(body.access_token!.split('.')[1]!, 'base64url').toString());
    expect(claims).toMatchObject({ sub: 'RelatedPerson/mother-of-young', patient: 'young' });
    expect(claims.fhirUser).toBe(`${services.shared.fhirBaseUrl}/RelatedPerson/mother-of-young`);
    const own = browser();
    const again = await signedIn(own, 'mother');
    await own.post(again.signIn, again.page, [
      ['step', 'patient'],
      ['id', 'self'],
    ]);
    const ownClaims = JSON.parse(Buffer.from((await tokens(own, again.signIn)).access_token!.split('.')[1]!, 'base64url').toString());
    expect(ownClaims).toMatchObject({ sub: 'Patient/self', patient: 'self' });
  });

  it('finds health personnel by HPR number and shows them the patients they reach', async () => {
    const user = browser();
    const { signIn, page, answer } = await signedIn(user, 'nurse');
    expect(answer.status).toBe(303);
    expect([...page.text.matchAll(/<strong>([^<]+)</g)].map(([, name]) => name)).toEqual(['Ingrid Lindvik', 'Ingrid Solberg']);
    await user.post(signIn, page, [
      ['step', 'patient'],
      ['id', 'p1'],
    ]);
    const body = await tokens(user, signIn);
    expect(body).toMatchObject({ patient: 'p1', tenant: '999000001' });
    const claims = JSON.parse(Buffer.from(body.access_token!.split('.')[1]!, 'base64url').toString());
    expect(claims).toMatchObject({
      sub: 'Practitioner/pr1',
      fhirUser: `${services.shared.fhirBaseUrl}/Practitioner/pr1`,
      hpr_number: '999012345',
      organization_number: '999000001',
    });
    const read = await fetch(`${services.shared.fhirBaseUrl}/Patient/p1`, { headers: { Authorization: `Bearer ${body.access_token}` } });
    expect(read.status).toBe(200);
  });

  it('takes a patient to their own record and nobody else', async () => {
    const user = browser();
    const { signIn, page } = await signedIn(user, 'ingrid');
    expect(page.text).toContain('Skal Fellesplan få tilgang?');
    await user.post(signIn, page, [
      ['step', 'patient'],
      ['id', 'p2'],
    ]);
    const body = await tokens(user, signIn);
    expect(body.patient).toBe('p1');
    const { sub } = JSON.parse(Buffer.from(body.access_token!.split('.')[1]!, 'base64url').toString());
    expect(sub).toBe('Patient/p1');
  });

  it('does not show a patient whom the user does not reach, nor take one', async () => {
    const user = browser();
    const { signIn, page } = await signedIn(user, 'nurse');
    const found = await user.post(signIn, page, [
      ['step', 'search'],
      ['q', '17834201585'],
    ]);
    expect(found.text).toContain('Ingen du kan åpne');
    await user.post(signIn, page, [
      ['step', 'patient'],
      ['id', 'p3'],
    ]);
    expect((await user.get(signIn)).text).toContain('name="step" value="patient"');
  });

  it('finds one of the reached by number', async () => {
    const user = browser();
    const { signIn, page } = await signedIn(user, 'nurse');
    const found = await user.post(signIn, page, [
      ['step', 'search'],
      ['q', '020132 99997'],
    ]);
    expect([...found.text.matchAll(/<strong>([^<]+)</g)].map(([, name]) => name)).toEqual(['Ingrid Lindvik']);
  });

  it.each([
    ['a security level below 4', 'low', 'sikkerhetsnivå 4'],
    ['somebody whose numbers nobody here has, or two have', 'stranger', 'ikke registrert'],
    ['somebody who cancels', '', 'avbrutt'],
  ])('refuses %s, says why and lets them try again', async (_why, id, text) => {
    const user = browser();
    const { signIn, answer } = await signedIn(user, id);
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('role="alert"');
    expect(answer.text).toContain(text);
    expect((await user.get(signIn)).text).toContain('Logg inn med HelseID');
  });

  it('sends nothing of the request through the browser but its reference [RFC 9126]', async () => {
    const user = browser();
    const { url } = await toProvider(user);
    expect([...new URL(url).searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
  });

  it('takes an answer once, and from the browser that asked', async () => {
    const user = browser();
    const at = await toProvider(user);
    const callback = await choose(user, at, 'nurse');
    expect((await browser().get(callback)).status).toBe(400);
    expect((await user.get(callback)).status).toBe(303);
    expect((await user.get(callback)).status).toBe(400);
  });

  it('takes no answer that names another issuer, or whose code is not its own [mix-up, code injection]', async () => {
    const user = browser();
    const mixed = new URL(await choose(user, await toProvider(user), 'nurse'));
    mixed.searchParams.set('iss', 'https://evil.example');
    const refused = await user.get(mixed.href);
    expect([refused.status, refused.text.includes('kunne ikke godtas')]).toEqual([403, true]);
    const stolen = new URL(await choose(browser(), await toProvider(browser()), 'nurse'));
    const own = new URL(await choose(user, await toProvider(user), 'nurse'));
    own.searchParams.set('code', stolen.searchParams.get('code')!);
    const injected = await user.get(own.href);
    expect([injected.status, injected.text.includes('kunne ikke godtas')]).toEqual([403, true]);
  });

  it('tells of a sign-in and of the launch that follows, of those that come to nothing too, and keeps numbers out of it', async () => {
    services.attempts.length = 0;
    const user = browser();
    const { signIn } = await signedIn(user, 'ingrid');
    await tokens(user, signIn);
    await signedIn(browser(), 'low');
    const vouched = { kind: 'sign-in', clientId: PLAN_APP, origin: 'HelseID (simulert)' };
    expect(services.attempts).toMatchObject([
      { ...vouched, outcome: 'granted', user: 'Patient/p1' },
      { kind: 'launch', outcome: 'granted', clientId: PLAN_APP, user: 'Patient/p1', patientId: 'p1' },
      { ...vouched, outcome: 'refused', reason: 'securityLevel' },
    ]);
    expect(services.attempts[2]).not.toHaveProperty('user');
    expect(JSON.stringify(services.attempts)).not.toMatch(/\d{9}/);
  });

  it('keeps numbers out of what is logged', () => {
    expect(services.lines.join('\n')).not.toMatch(new RegExp([INGRID, JONAS, '17834201585', '999012345'].join('|')));
    expect(services.lines.join('\n')).toContain('securityLevel');
  });

  it('is claimed by the shared service, which no EHR launches into', () => {
    const { capabilities } = services.shared.smartConfiguration;
    expect(capabilities).toEqual(expect.arrayContaining(['launch-standalone', 'context-standalone-patient', 'authorize-post']));
    expect(capabilities).not.toContain('launch-ehr');
  });
});

describe('the simulated identity provider', () => {
  it('publishes what HelseID publishes: pushed requests required, PKCE S256, private_key_jwt, DPoP', async () => {
    const document = (await (await fetch(`${services.origin}/idp/.well-known/openid-configuration`)).json()) as Record<string, unknown>;
    expect(document).toMatchObject({
      issuer: `${services.origin}/idp`,
      require_pushed_authorization_requests: true,
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      dpop_signing_alg_values_supported: expect.arrayContaining(['ES256']),
    });
    expect(document.claims_supported).toEqual(
      expect.arrayContaining([
        'helseid://claims/identity/pid',
        'helseid://claims/identity/security_level',
        'helseid://claims/hpr/hpr_number',
        'helseid://claims/client/claims/orgnr_parent',
        'helseid://claims/client/claims/orgnr_child',
      ]),
    );
  });

  it('tells whoever opens its address what it is, and where to begin', async () => {
    const issuer = `${services.origin}/idp`;
    const { status, text } = await browser().get(`${issuer}/`);
    expect(status).toBe(200);
    expect(text).toContain('<h1>Simulert innloggingstjeneste</h1>');
    expect(text).toContain('<a href="/">Begynn på forsiden</a>');
  });

  it.each([
    ['nn', 'Simulert innloggingsteneste'],
    ['en-GB,en;q=0.8', 'Simulated sign-in service'],
  ])('speaks the language of a browser that wants %s', async (wanted, heading) => {
    const text = await (await fetch(`${services.origin}/idp/`, { headers: { 'Accept-Language': wanted } })).text();
    expect(text).toContain(`<html lang="${wanted.slice(0, 2)}">`);
    expect(text).toContain(`<h1>${heading}</h1>`);
  });

  it.each([
    ['/nowhere', 404, 'Sida finst ikkje'],
    ['/connect/authorize?client_id=nobody', 400, 'Appen kunne ikkje opnast'],
  ])('answers %s with a page of its own, which fetches nothing from elsewhere', async (path, status, heading) => {
    const answer = await fetch(`${services.origin}/idp${path}`, { headers: { 'Accept-Language': 'nn', Accept: 'text/html' } });
    const text = await answer.text();
    expect(answer.status).toBe(status);
    expect(text).toContain('<html lang="nn">');
    expect(text).toContain(`<h1>${heading}</h1>`);
    expect(text).not.toMatch(/@import|https?:\/\//);
  });

  it('lists private persons and health personnel apart', async () => {
    const { page } = await toProvider(browser());
    const [privatePersons, personnel] = page.text.split('<h2>').slice(1);
    expect([...privatePersons!.matchAll(/value="(\w+)"/g)].map((match) => match[1])).toEqual(['ingrid', 'mother']);
    expect(personnel).toMatch(/^Helsepersonell og andre ansatte<\/h2>.*value="nurse".*value="teacher"/s);
  });

  it('takes no request that was not pushed, and no client that does not sign', async () => {
    const query = new URLSearchParams({
      client_id: 'fellesplan-service',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: `${services.origin}/auth/sign-in/callback`,
      code_challenge: challengeOf(VERIFIER),
      code_challenge_method: 'S256',
    });
    const asked = await fetch(`${services.origin}/idp/connect/authorize?${query}`, { redirect: 'manual' });
    expect(asked.headers.get('location')).toContain('error=invalid_request');
    const pushed = await fetch(`${services.origin}/idp/connect/par`, { method: 'POST', body: query });
    expect(pushed.status).toBe(401);
    expect(await pushed.json()).toMatchObject({ error: 'invalid_client' });
  });

  it('uses up its codes', async () => {
    await signedIn(browser(), 'nurse');
    const codes = await services.databases.shared.state.list('auth/identity-provider/AuthorizationCode', 100);
    expect(codes.length).toBeGreaterThan(0);
    expect(codes.map(({ consumedAtMs }) => typeof consumedAtMs)).toContain('number');
  });

  it('signs in nobody by a ticket that it did not make for this request', async () => {
    const user = browser();
    const { url } = await toProvider(user);
    const forged = new URL(url.replace('/idp/login', '/idp/connect/authorize'));
    forged.searchParams.set('ticket', 'nurse');
    expect((await user.get(forged.href)).location).toContain('error=access_denied');
  });
});
