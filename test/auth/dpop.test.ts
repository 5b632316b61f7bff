import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DpopKey, dpopKey } from './dpop-key.ts';
import { oneSmartServer } from './one-smart-server.ts';
import { person, redeemAt, type Services, startServices } from './services.ts';
import { assertion, authorize, mint, post, redeem, type SmartServer } from './smart-server.ts';

let smart: SmartServer;
let key: DpopKey;
oneSmartServer((started) => {
  smart = started;
});
beforeAll(async () => {
  key = await dpopKey();
});

const tokenUrl = () => `${smart.issuer}/token`;
const readUrl = () => `${smart.fhirBaseUrl}/Patient/p1`;

/** A token bound to the key. */
async function boundToken(clientId = 'public-app'): Promise<Record<string, unknown>> {
  const { code } = await authorize(smart, { launch: await mint(smart, { clientId }), client_id: clientId });
  const { status, body } = await redeem(smart, code!, { client_id: clientId }, { DPoP: await key.proof('POST', tokenUrl()) });
  expect(status).toBe(200);
  return body;
}

/** A proof that nobody has signed with a key that is none. */
function unsignedProof(jwk: Record<string, string>): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = { typ: 'dpop+jwt', alg: jwk.kty === 'RSA' ? 'RS256' : 'ES256', jwk };
  const claims = { htm: 'GET', htu: readUrl(), jti: 'a', iat: Math.floor(Date.now() / 1000) };
  return `${part(header)}.${part(claims)}.${'A'.repeat(86)}`;
}

describe('a token bound to a key [RFC 9449]', () => {
  it('says so, in the answer, in itself and at introspection [RFC 9449 5 6]', async () => {
    const body = await boundToken();
    expect(body.token_type).toBe('DPoP');
    const claims = JSON.parse(Buffer.from(String(body.access_token).split('.')[1]!, 'base64url').toString());
    expect(claims.cnf).toEqual({ jkt: key.thumbprint });
    const asked = await post(smart, '/introspect', { token: String(body.access_token), client_id: 'public-app' });
    expect(asked.body).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt: key.thumbprint }, patient: 'p1' });
  });

  it('is accepted with a proof for the request', async () => {
    const token = String((await boundToken()).access_token);
    const request = { method: 'GET', url: readUrl(), proof: await key.proof('GET', `${readUrl()}?_pretty=true`, token) };
    await expect(smart.authenticator.authenticate(`DPoP ${token}`, request)).resolves.toMatchObject({ patientId: 'p1' });
  });

  it('is accepted for the base itself, with a slash at the end or without', async () => {
    const token = String((await boundToken()).access_token);
    const proof = await key.proof('POST', smart.fhirBaseUrl, token);
    const request = { method: 'POST', url: `${smart.fhirBaseUrl}/`, proof };
    await expect(smart.authenticator.authenticate(`DPoP ${token}`, request)).resolves.toBeDefined();
  });

  it('is refreshed with a proof of the same key only [RFC 9449 5]', async () => {
    const { refresh_token } = await boundToken();
    const fields = { grant_type: 'refresh_token', refresh_token: String(refresh_token), client_id: 'public-app' };
    const other = await dpopKey();
    expect((await post(smart, '/token', fields)).body.error).toBe('invalid_grant');
    expect((await post(smart, '/token', fields, { DPoP: await other.proof('POST', tokenUrl()) })).body.error).toBe('invalid_grant');
    const again = await post(smart, '/token', fields, { DPoP: await key.proof('POST', tokenUrl()) });
    expect(again.body).toMatchObject({ token_type: 'DPoP' });
  });

  it('is given to a backend service too', async () => {
    const fields = { grant_type: 'client_credentials', scope: 'system/*.rs', ...(await assertion(smart, 'ec-system', smart.ecKey)) };
    const { body } = await post(smart, '/token', fields, { DPoP: await key.proof('POST', tokenUrl()) });
    expect(body.token_type).toBe('DPoP');
  });

  const spoilt: readonly (readonly [why: string, make: (token: string, other: DpopKey) => Promise<string | undefined>])[] = [
    ['without a proof', async () => undefined],
    ['with rubbish for a proof', async () => 'rubbish'],
    ['with a proof of another key', (token, other) => other.proof('GET', readUrl(), token)],
    ['with a proof for another method [htm]', (token) => key.proof('POST', readUrl(), token)],
    ['with a proof for another URL [htu]', (token) => key.proof('GET', `${smart.fhirBaseUrl}/Patient/p2`, token)],
    ['with a proof for another host [htu]', (token) => key.proof('GET', 'https://evil.example/Patient/p1', token)],
    ['with a proof for another token [ath]', () => key.proof('GET', readUrl(), 'another')],
    ['with a proof for no token [ath]', () => key.proof('GET', readUrl())],
    ['with an old proof [iat]', (token) => key.proof('GET', readUrl(), token, { claims: { iat: Math.floor(Date.now() / 1000) - 120 } })],
    [
      'with a proof of the future [iat]',
      (token) => key.proof('GET', readUrl(), token, { claims: { iat: Math.floor(Date.now() / 1000) + 120 } }),
    ],
    ['with a proof without an id [jti]', (token) => key.proof('GET', readUrl(), token, { claims: { jti: undefined } })],
    ['with a proof of another type [typ]', (token) => key.proof('GET', readUrl(), token, { header: { typ: 'JWT' } })],
    ['with a proof whose key is no point of its curve', async () => unsignedProof({ kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' })],
    ['with a proof whose key is too short', async () => unsignedProof({ kty: 'RSA', n: 'AQAB', e: 'AQAB' })],
    ['with two proofs', async (token) => `${await key.proof('GET', readUrl(), token)}, ${await key.proof('GET', readUrl(), token)}`],
  ];
  it.each(spoilt)('is refused %s', async (_why, make) => {
    const token = String((await boundToken()).access_token);
    const proof = await make(token, await dpopKey());
    await expect(smart.authenticator.authenticate(`DPoP ${token}`, { method: 'GET', url: readUrl(), proof })).rejects.toMatchObject({
      status: 401,
      issues: [{ severity: 'error', code: 'login' }],
      headers: { 'WWW-Authenticate': expect.stringContaining('DPoP error="invalid_dpop_proof"') },
    });
  });

  it('is refused with a proof that was used before [jti]', async () => {
    const token = String((await boundToken()).access_token);
    const request = { method: 'GET', url: readUrl(), proof: await key.proof('GET', readUrl(), token) };
    const answers = await Promise.allSettled([1, 2, 3, 4].map(() => smart.authenticator.authenticate(`DPoP ${token}`, request)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is refused as a Bearer token, and a Bearer token as a bound one [RFC 9449 7.2]', async () => {
    const bound = String((await boundToken()).access_token);
    const request = { method: 'GET', url: readUrl(), proof: await key.proof('GET', readUrl(), bound) };
    await expect(smart.authenticator.authenticate(`Bearer ${bound}`, request)).rejects.toMatchObject({ status: 401 });
    const { code } = await authorize(smart, { launch: await mint(smart) });
    const bearer = String((await redeem(smart, code!)).body.access_token);
    const proof = await key.proof('GET', readUrl(), bearer);
    await expect(smart.authenticator.authenticate(`DPoP ${bearer}`, { ...request, proof })).rejects.toMatchObject({ status: 401 });
  });

  it('opens introspection to nobody who cannot show the key', async () => {
    const fields = { grant_type: 'client_credentials', scope: 'system/*.rs', ...(await assertion(smart, 'ec-system', smart.ecKey)) };
    const { body } = await post(smart, '/token', fields, { DPoP: await key.proof('POST', tokenUrl()) });
    const asked = await post(smart, '/introspect', { token: 'x' }, { Authorization: `Bearer ${body.access_token}` });
    expect(asked.status).toBe(401);
  });

  it('cannot be had with a code that was asked for with another key [dpop_jkt, RFC 9449 10]', async () => {
    const other = await dpopKey();
    const { code } = await authorize(smart, { launch: await mint(smart), dpop_jkt: key.thumbprint });
    const { status, body } = await redeem(smart, code!, {}, { DPoP: await other.proof('POST', tokenUrl()) });
    expect([status, body.error]).toEqual([400, 'invalid_grant']);
  });
});

describe('a token bound to a key, at the FHIR API', () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
    const { patient, practitioner, organization, role } = person;
    for (const base of ['shared', 'hospital'] as const) {
      const people = [patient('p1', '13717404089'), practitioner('pr1', '999012345'), organization('o', '999000001', 'Fjordheim')];
      await services.put(base, ...people, role('r1', 'pr1', 'o'));
    }
  });
  afterAll(() => services.close());

  it('comes from a token exchange too, and reads with a proof for each request [RFC 8693]', async () => {
    const { hospital } = services.ehrs;
    const launched = await hospital.server.mintLaunch({
      clientId: 'fellesplan-app',
      userId: 'pr1',
      context: { patient: 'p1', tenant: '999000001' },
    });
    const tokens = await redeemAt(hospital, launched);
    const form = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      client_id: 'fellesplan-app',
      subject_token: tokens.idToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      actor_token: tokens.accessToken,
      actor_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    });
    const url = `${services.shared.issuer}/token`;
    const bad = await fetch(url, { method: 'POST', body: form, headers: { DPoP: await key.proof('GET', url) } });
    expect(((await bad.json()) as { error: string }).error).toBe('invalid_dpop_proof');
    const answer = await fetch(url, { method: 'POST', body: form, headers: { DPoP: await key.proof('POST', url) } });
    const body = (await answer.json()) as Record<string, string>;
    expect(body).toMatchObject({ token_type: 'DPoP', patient: 'p1' });
    const read = `${services.shared.fhirBaseUrl}/Patient/p1`;
    const headers = { Authorization: `DPoP ${body.access_token}`, DPoP: await key.proof('GET', read, body.access_token) };
    expect((await fetch(`${read}?_pretty=true`, { headers })).status).toBe(200);
    const again = await fetch(read, { headers });
    expect(again.status).toBe(401);
    expect(again.headers.get('www-authenticate')).toContain('DPoP error="invalid_dpop_proof"');
    expect(await again.json()).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'login' }] });
  });

  it('leaves Bearer tokens as they are', async () => {
    const { server } = services.ehrs.hospital;
    const launched = await server.mintLaunch({ clientId: 'fellesplan-app', userId: 'pr1', context: { patient: 'p1' } });
    const { accessToken } = await redeemAt(services.ehrs.hospital, launched);
    const url = `${services.ehrs.hospital.fhirBaseUrl}/Patient/p1`;
    expect((await fetch(url, { headers: { Authorization: `Bearer ${accessToken}` } })).status).toBe(200);
  });
});
