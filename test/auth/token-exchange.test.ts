import { createHmac } from 'node:crypto';
import { generateKeyPair, importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../server/auth/access-token.ts';
import { type EhrTokens, launchAt, person, type Services, startServices } from './services.ts';

const KNOWN = '13717404089';
const UNKNOWN = '02013299997';
const TYPE = 'urn:ietf:params:oauth:token-type:';

let services: Services;

beforeAll(async () => {
  services = await startServices();
  const { patient, practitioner, organization, role } = person;
  await services.put('shared', patient('s-ingrid', KNOWN), patient('s-other', '30108299939', 'Annen'), practitioner('s-kari', '999012345'));
  await services.put('shared', practitioner('s-twin-1', '999055555'), practitioner('s-twin-2', '999055555'));
  for (const base of ['hospital', 'rogue'] as const) {
    await services.put(
      base,
      patient('h-ingrid', KNOWN),
      patient('h-stranger', UNKNOWN, 'Fremmed'),
      organization('h-org', '999000001', 'Fjordheim sykehus'),
    );
    await services.put(base, practitioner('h-kari', '999012345'), role('h-kari-role', 'h-kari', 'h-org'));
  }
  await services.put('hospital', organization('h-org-2', '999000002', 'Poliklinikken'), { ...patient('h-nameless', '1'), identifier: [] });
  await services.put('hospital', practitioner('h-new', '999099999'), role('h-new-role', 'h-new', 'h-org'));
  await services.put('hospital', { ...practitioner('h-none', '1'), identifier: [] }, role('h-none-role', 'h-none', 'h-org'));
  await services.put('hospital', practitioner('h-twin', '999055555'), role('h-twin-role', 'h-twin', 'h-org'));
  await services.put('municipality', patient('m-77', KNOWN), organization('m-org', '999000009', 'Solvik kommune'));
  await services.put('municipality', practitioner('m-kari', '999012345'), role('m-kari-role', 'm-kari', 'm-org'));
  for (const ehr of ['hospital', 'municipality', 'rogue'] as const) keepSessionsOpen(ehr);
});
afterAll(() => services.close());

/** The EHR session behind a launch, which the pages would have made. */
function keepSessionsOpen(ehr: 'hospital' | 'municipality' | 'rogue'): void {
  const name = ehr === 'rogue' ? 'hospital' : ehr;
  const put = (id: string, practitionerId: string) => services.databases[ehr].state.put(`ehr/${name}/session`, id, { id, practitionerId });
  for (const user of ['h-kari', 'h-new', 'h-none', 'h-twin', 'm-kari']) void put(`session-${user}`, user);
}

const launch = (ehr: 'hospital' | 'municipality' | 'rogue', userId: string, patient?: string, more: object = {}): Promise<EhrTokens> =>
  launchAt(services.ehrs[ehr], { userId, sessionId: `session-${userId}`, ...(patient === undefined ? {} : { patient }), ...more });

async function exchange(tokens: Partial<EhrTokens>, fields: Record<string, string | undefined> = {}) {
  const all: Record<string, string | undefined> = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    client_id: 'fellesplan-app',
    subject_token: tokens.idToken,
    subject_token_type: `${TYPE}id_token`,
    actor_token: tokens.accessToken,
    actor_token_type: `${TYPE}access_token`,
    ...fields,
  };
  const form = new URLSearchParams(Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined));
  const response = await fetch(`${services.origin}/auth/token`, { method: 'POST', body: form, headers: { Accept: 'application/json' } });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
}

const fhir = (path: string, token: unknown, init: RequestInit = {}) =>
  fetch(`${services.origin}/fhir/${path}`, { ...init, headers: { Authorization: `Bearer ${token}`, ...init.headers } });
const principalOf = (token: unknown) =>
  createAuthenticator({ server: services.shared, state: services.databases.shared.state }).authenticate(`Bearer ${token}`);
const claimsOf = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An id_token signed by the EHR's own key, with other claims than it would give. */
async function signedByEhr(ehr: 'hospital' | 'municipality', claims: Record<string, unknown>): Promise<string> {
  const key = (await services.databases[ehr].state.get(`auth/${ehr}/signing-key`, 'current'))!.value;
  const present = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
  return new SignJWT(present).setProtectedHeader({ alg: 'RS256', kid: String(key.kid) }).sign(await importJWK(key, 'RS256'));
}

describe('token exchange', () => {
  it('gives a token of the shared service for the same patient and user [RFC 8693]', async () => {
    const { status, headers, body } = await exchange(await launch('hospital', 'h-kari', 'h-ingrid'));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      issued_token_type: `${TYPE}access_token`,
      token_type: 'Bearer',
      expires_in: 900,
      patient: 's-ingrid',
      fhirUser: `${services.origin}/fhir/Practitioner/s-kari`,
    });
    expect(headers.get('cache-control')).toContain('no-store');
    expect(body).not.toHaveProperty('refresh_token');
  });

  it('takes the id_token of a launch with a later access token, whatever at_hash it has: an EHR need give no new one', async () => {
    const tokens = await launch('hospital', 'h-kari', 'h-ingrid');
    const idToken = await signedByEhr('hospital', { ...claimsOf(tokens.idToken), at_hash: 'of-the-token-before' });
    expect(await exchange({ ...tokens, idToken })).toMatchObject({ status: 200, body: { patient: 's-ingrid' } });
  });

  it('says in the token who acts, and for which organisation', async () => {
    const { body } = await exchange(await launch('hospital', 'h-kari', 'h-ingrid'));
    await expect(principalOf(body.access_token)).resolves.toMatchObject({
      clientId: 'fellesplan-app',
      subject: 'Practitioner/s-kari',
      patientId: 's-ingrid',
      fhirUser: 'Practitioner/s-kari',
      hprNumber: '999012345',
      organizationNumber: '999000001',
    });
    expect(claimsOf(String(body.access_token))).toMatchObject({ iss: services.shared.issuer, aud: `${services.origin}/fhir` });
  });

  it('keeps what a token was given on for little longer than the token: an app exchanges anew every quarter of an hour', async () => {
    const { body } = await exchange(await launch('hospital', 'h-kari', 'h-ingrid'));
    const { state } = services.databases.shared;
    const endsMs = Number(claimsOf(String(body.access_token)).exp) * 1000;
    for (const kind of ['Grant', 'grant-context', 'grant-of-patient/s-ingrid']) {
      const kept = await state.list(`auth/shared/${kind}`, 200);
      expect(kept.length, kind).toBeGreaterThan(0);
      for (const { expiresAtMs } of kept) expect(expiresAtMs, kind).toBeLessThanOrEqual(endsMs + 62_000);
      expect(Math.max(...kept.map(({ expiresAtMs }) => expiresAtMs ?? 0)), kind).toBeGreaterThan(endsMs);
    }
  });

  it('makes one person of the same HPR number at two EHRs', async () => {
    const [one, two] = [
      await exchange(await launch('hospital', 'h-kari', 'h-ingrid')),
      await exchange(await launch('municipality', 'm-kari', 'm-77')),
    ];
    expect(two.body).toMatchObject({ patient: one.body.patient, fhirUser: one.body.fhirUser });
    await expect(principalOf(two.body.access_token)).resolves.toMatchObject({
      subject: 'Practitioner/s-kari',
      organizationNumber: '999000009',
    });
  });

  it('finds the person also by a number that the EHR keeps with a space in it', async () => {
    await services.put('hospital', person.patient('h-spaced', `${KNOWN.slice(0, 6)} ${KNOWN.slice(6)}`));
    expect((await exchange(await launch('hospital', 'h-kari', 'h-spaced'))).body.patient).toBe('s-ingrid');
  });

  it('is offered where there is no authorization endpoint, and none is named [R4 security#smart]', () => {
    expect(services.shared.endpoints).toEqual({ token: `${services.origin}/auth/token` });
    expect(services.ehrs.hospital.server.endpoints.authorize).toBe(`${services.origin}/ehr/hospital/auth/authorize`);
  });

  it('answers for a patient of whom the user may not know as for one who is not known', async () => {
    const withoutIds = ({ body }: { body: Record<string, unknown> }) => ({ ...body, access_token: '' });
    services.unknowable.add('s-ingrid');
    const hidden = await exchange(await launch('hospital', 'h-kari', 'h-ingrid'));
    services.unknowable.clear();
    const unknown = await exchange(await launch('hospital', 'h-kari', 'h-stranger'));
    expect(hidden.status).toBe(200);
    expect(hidden.body).not.toHaveProperty('patient');
    expect(withoutIds(hidden)).toEqual(withoutIds(unknown));
    expect((await fhir('Patient/s-ingrid', hidden.body.access_token)).status).toBe(403);
  });

  it('is told of: from which record system, who, for whom and whose; also what was withheld or refused', async () => {
    const last = () => services.attempts.at(-1);
    await exchange(await launch('hospital', 'h-kari', 'h-ingrid'));
    const nurse = { clientId: 'fellesplan-app', user: 'Practitioner/s-kari', organizationNumber: '999000001', origin: 'hospital' };
    expect(last()).toMatchObject({ kind: 'token-exchange', outcome: 'granted', ...nurse, patientId: 's-ingrid' });
    services.unknowable.add('s-ingrid');
    await exchange(await launch('hospital', 'h-kari', 'h-ingrid'));
    services.unknowable.clear();
    expect(last()).toMatchObject({ outcome: 'granted', ...nurse, withheldPatientId: 's-ingrid' });
    expect(last()).not.toHaveProperty('patientId');
    await exchange(await launch('rogue', 'h-kari', 'h-ingrid'));
    const unknownIssuer = 'invalid_request: the issuer of the subject_token is not trusted here';
    expect(last()).toEqual({ kind: 'token-exchange', outcome: 'refused', clientId: 'fellesplan-app', reason: unknownIssuer });
    await exchange(await launch('hospital', 'h-new', 'h-ingrid'));
    expect(last()).toMatchObject({
      outcome: 'refused',
      origin: 'hospital',
      reason: 'invalid_request: the user is not known to this service',
    });
    expect(JSON.stringify(services.attempts)).not.toContain(KNOWN);
  });

  it('opens the record of the patient in context and of nobody else', async () => {
    const { body } = await exchange(await launch('hospital', 'h-kari', 'h-ingrid'));
    expect((await fhir('Patient/s-ingrid', body.access_token)).status).toBe(200);
    expect((await fhir('Patient/s-other', body.access_token)).status).toBe(404);
    expect((await fhir('Practitioner/s-kari', body.access_token)).status).toBe(200);
    const form = new URLSearchParams({ identifier: `urn:oid:2.16.578.1.12.4.1.4.1|30108299939`, _total: 'accurate' });
    const found = await (await fhir('Patient/_search', body.access_token, { method: 'POST', body: form })).json();
    expect(found).toMatchObject({ total: 0 });
    const own = new URLSearchParams({ identifier: `urn:oid:2.16.578.1.12.4.1.4.1|${KNOWN}`, _total: 'accurate' });
    expect(await (await fhir('Patient/_search', body.access_token, { method: 'POST', body: own })).json()).toMatchObject({ total: 1 });
  });

  it('keeps two patients in two tabs apart', async () => {
    const [one, two] = await Promise.all([launch('hospital', 'h-kari', 'h-ingrid'), launch('hospital', 'h-kari', 'h-stranger')]);
    expect(await exchange(two)).toMatchObject({ status: 200, body: {} });
    expect((await exchange(one)).body.patient).toBe('s-ingrid');
    expect((await exchange({ idToken: two.idToken, accessToken: one.accessToken })).body.patient).toBe('s-ingrid');
  });

  it('has no patient when the person is not known here, and opens nothing of anyone', async () => {
    const { status, body } = await exchange(await launch('hospital', 'h-kari', 'h-stranger'));
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('patient');
    expect((await fhir('Patient/s-ingrid', body.access_token)).status).toBe(403);
    expect((await fhir('Practitioner/s-kari', body.access_token)).status).toBe(200);
  });

  it('has no patient when none is in context', async () => {
    const { status, body } = await exchange(await launch('hospital', 'h-kari'));
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('patient');
  });

  it('grants what was asked and allowed, and no system scopes', async () => {
    const tokens = await launch('hospital', 'h-kari', 'h-ingrid');
    expect((await exchange(tokens, { scope: 'patient/CarePlan.rs system/*.cruds offline_access' })).body.scope).toBe('patient/CarePlan.rs');
    expect(await exchange(tokens, { scope: 'system/*.rs' })).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
    expect((await exchange(tokens)).body.scope).toContain('patient/*.cruds');
  });

  it('may be done again with the same tokens while they live, for a fresh token', async () => {
    const tokens = await launch('hospital', 'h-kari', 'h-ingrid');
    const [one, two] = [await exchange(tokens), await exchange(tokens)];
    expect(two.body.access_token).not.toBe(one.body.access_token);
    const revoked = new URLSearchParams({ token: String(one.body.access_token), client_id: 'fellesplan-app' });
    expect((await fetch(`${services.origin}/auth/revoke`, { method: 'POST', body: revoked })).status).toBe(200);
    expect((await fhir('Patient/s-ingrid', one.body.access_token)).status).toBe(401);
    expect((await fhir('Patient/s-ingrid', two.body.access_token)).status).toBe(200);
  });

  it('takes the organisation the EHR names when the user has several roles', async () => {
    await services.put('hospital', person.role('h-kari-role-2', 'h-kari', 'h-org-2'));
    const named = await exchange(await launch('hospital', 'h-kari', 'h-ingrid', { tenant: '999000002' }));
    await expect(principalOf(named.body.access_token)).resolves.toMatchObject({ organizationNumber: '999000002' });
    expect(await exchange(await launch('hospital', 'h-kari', 'h-ingrid'))).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
    await services.put('hospital', person.role('h-kari-role-2', 'h-kari', 'h-org-2', false));
    expect((await exchange(await launch('hospital', 'h-kari', 'h-ingrid'))).status).toBe(200);
  });

  it('is offered to web pages of the app only', async () => {
    const response = await fetch(`${services.origin}/auth/token`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'fellesplan-app' }),
      headers: { Origin: 'https://evil.example' },
    });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('is not offered by the EHRs', async () => {
    const form = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', client_id: 'fellesplan-app' });
    const answer = await (await fetch(`${services.ehrs.hospital.server.issuer}/token`, { method: 'POST', body: form })).json();
    expect(answer).toMatchObject({ error: 'unsupported_grant_type' });
  });
});

describe('token exchange is refused', () => {
  let tokens: EhrTokens;
  beforeAll(async () => {
    tokens = await launch('hospital', 'h-kari', 'h-ingrid');
  });
  const invalid = async (answer: Awaited<ReturnType<typeof exchange>>, text: RegExp) => {
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect(answer.body.error_description).toMatch(text);
  };

  const spoilt: readonly (readonly [why: string, fields: Record<string, string | undefined>, text: RegExp])[] = [
    ['without a subject token', { subject_token: undefined }, /subject_token_type/],
    ['for a subject token of another type', { subject_token_type: `${TYPE}access_token` }, /subject_token_type/],
    ['without an actor token', { actor_token: undefined }, /actor_token/],
    ['for an actor token of another type', { actor_token_type: `${TYPE}jwt` }, /actor_token/],
    ['when another type of token is wanted', { requested_token_type: `${TYPE}refresh_token` }, /access_token can be issued/],
    ['for a subject token that is no JWT', { subject_token: 'rubbish' }, /not trusted/],
    ['for an actor token that is rubbish', { actor_token: 'rubbish' }, /not active/],
  ];
  it.each(spoilt)('%s', async (_why, fields, text) => {
    await invalid(await exchange(tokens, fields), text);
  });

  it('for another audience or resource', async () => {
    expect(await exchange(tokens, { audience: 'https://other.example' })).toMatchObject({ status: 400, body: { error: 'invalid_target' } });
    expect(await exchange(tokens, { resource: services.ehrs.hospital.fhirBaseUrl })).toMatchObject({
      status: 400,
      body: { error: 'invalid_target' },
    });
    expect((await exchange(tokens, { resource: `${services.origin}/fhir` })).status).toBe(200);
  });

  it('for a client that is unknown, or may not exchange', async () => {
    expect(await exchange(tokens, { client_id: 'nobody' })).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect((await exchange(tokens, { client_id: 'admin-system' })).status).toBe(401);
  });

  it('for an issuer that is not trusted, whatever it signs', async () => {
    await invalid(await exchange(await launch('rogue', 'h-kari', 'h-ingrid')), /not trusted/);
  });

  it('for an id_token of a trusted EHR with the access token of another (mix-up)', async () => {
    const other = await launch('municipality', 'm-kari', 'm-77');
    await invalid(await exchange({ idToken: tokens.idToken, accessToken: other.accessToken }), /not active/);
    const rogue = await launch('rogue', 'h-kari', 'h-ingrid');
    await invalid(await exchange({ idToken: tokens.idToken, accessToken: rogue.accessToken }), /not active/);
  });

  it('for the tokens of two users', async () => {
    const other = await launch('hospital', 'h-new', 'h-ingrid');
    await invalid(await exchange({ idToken: tokens.idToken, accessToken: other.accessToken }), /same user and app/);
  });

  it('for the tokens of another app at the EHR', async () => {
    const other = await launch('hospital', 'h-kari', 'h-ingrid', { clientId: 'another-app' });
    await invalid(await exchange(other), /could not be verified/);
    await invalid(await exchange({ idToken: tokens.idToken, accessToken: other.accessToken }), /same user and app/);
  });

  it('for an access token that was revoked at the EHR', async () => {
    const gone = await launch('hospital', 'h-kari', 'h-ingrid');
    const form = new URLSearchParams({ token: gone.accessToken, client_id: 'fellesplan-app' });
    await fetch(`${services.ehrs.hospital.server.issuer}/revoke`, { method: 'POST', body: form });
    await invalid(await exchange(gone), /not active/);
  });

  it('for an id_token in place of the access token, and the other way about', async () => {
    await invalid(await exchange({ idToken: tokens.idToken, accessToken: tokens.idToken }), /not active/);
    await invalid(await exchange({ idToken: tokens.accessToken, accessToken: tokens.accessToken }), /could not be verified/);
  });

  it('for an id_token that is unsigned (alg none)', async () => {
    await invalid(
      await exchange({ ...tokens, idToken: `${part({ alg: 'none' })}.${part(claimsOf(tokens.idToken))}.` }),
      /could not be verified/,
    );
  });

  it('for an id_token signed with the public key as a shared secret (key confusion)', async () => {
    const input = `${part({ alg: 'HS256', kid: services.ehrs.hospital.server.publicKey.kid })}.${part(claimsOf(tokens.idToken))}`;
    const signature = createHmac('sha256', JSON.stringify(services.ehrs.hospital.server.publicKey)).update(input).digest('base64url');
    await invalid(await exchange({ ...tokens, idToken: `${input}.${signature}` }), /could not be verified/);
  });

  it('for an id_token signed with a key that is not the EHR’s', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const idToken = await new SignJWT(claimsOf(tokens.idToken)).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
    await invalid(await exchange({ ...tokens, idToken }), /could not be verified/);
  });

  it('for an id_token that was changed after it was signed', async () => {
    const [head, , signature] = tokens.idToken.split('.');
    await invalid(
      await exchange({ ...tokens, idToken: `${head}.${part({ ...claimsOf(tokens.idToken), sub: 'h-new' })}.${signature}` }),
      /could not be verified/,
    );
  });

  const past = Math.floor(Date.now() / 1000) - 7200;
  const wrong: readonly (readonly [why: string, more: Record<string, unknown>, text: RegExp])[] = [
    ['for another app', { aud: 'another-app' }, /could not be verified/],
    ['for several apps, without saying for which', { aud: ['fellesplan-app', 'another-app'] }, /could not be verified/],
    ['that has expired', { exp: past }, /could not be verified/],
    ['without an expiry', { exp: undefined }, /could not be verified/],
    ['that was issued long ago', { iat: past }, /could not be verified/],
    ['that will be issued later', { iat: Math.floor(Date.now() / 1000) + 3600 }, /could not be verified/],
    ['without a subject', { sub: undefined }, /could not be verified/],
    ['without fhirUser', { fhirUser: undefined }, /no fhirUser/],
    ['whose fhirUser is at another server', { fhirUser: 'https://evil.example/fhir/Practitioner/h-kari' }, /no fhirUser/],
    ['whose fhirUser is no practitioner', { fhirUser: 'Patient/h-ingrid' }, /no fhirUser/],
    ['whose fhirUser does not exist', { fhirUser: 'Practitioner/nobody' }, /user could not be read/],
  ];
  it.each(wrong)('for an id_token %s', async (_why, more, text) => {
    await invalid(await exchange({ ...tokens, idToken: await signedByEhr('hospital', { ...claimsOf(tokens.idToken), ...more }) }), text);
  });

  it('and tells the operator which claim it was, and of which EHR', async () => {
    await exchange({ ...tokens, idToken: await signedByEhr('hospital', { ...claimsOf(tokens.idToken), exp: past }) });
    expect(services.lines.at(-1)).toMatch(/could not be verified: [^"]*; [^"]*: ERR_JWT_EXPIRED exp"/);
  });

  it('when the patient cannot be read at the EHR, or has no number there', async () => {
    await invalid(await exchange(await launch('hospital', 'h-kari', 'not-there')), /patient in context could not be read/);
    await invalid(await exchange(await launch('hospital', 'h-kari', 'h-nameless')), /no national identity number/);
  });

  it('when the user has no HPR number, is not known here, or is not one alone', async () => {
    await invalid(await exchange(await launch('hospital', 'h-none', 'h-ingrid')), /no HPR number/);
    await invalid(await exchange(await launch('hospital', 'h-new', 'h-ingrid')), /not known to this service/);
    await invalid(await exchange(await launch('hospital', 'h-twin', 'h-ingrid')), /more than one/);
  });

  it('with 503 when the EHR cannot be reached, so that the app tries again', async () => {
    services.breakEhrs(true);
    const answer = await exchange(tokens);
    services.breakEhrs(false);
    expect(answer).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
    expect(services.lines.at(-1)).toMatch(/"level":"error".*"reason":"temporarily_unavailable; .*status 503/);
    expect((await exchange(tokens)).status).toBe(200);
  });

  it('without a word about a person in answers or log', async () => {
    const answers = [
      await exchange(await launch('hospital', 'h-twin', 'h-ingrid')),
      await exchange(await launch('hospital', 'h-kari', 'not-there')),
      await exchange({ ...tokens, accessToken: 'rubbish' }),
    ];
    const said = JSON.stringify(answers.map(({ body }) => body)) + services.lines.join('\n');
    for (const secret of [KNOWN, UNKNOWN, '999012345', '999055555', 'h-ingrid', 'Testnes', tokens.accessToken, tokens.idToken]) {
      expect(said).not.toContain(secret);
    }
    expect(services.lines.some((line) => line.includes('"reason":"invalid_request"'))).toBe(true);
  });
});
