/**
 * Attacks between issuers: the launch at an EHR, and the exchange of its tokens at the shared service.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc8693 · https://www.rfc-editor.org/rfc/rfc9207 (mix-up)
 */
import { createPublicKey, createSecretKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Attack, areRefusedAndLogged, attack } from './attack.ts';
import { authorizeAt, claimsIn, codeAt, type EhrTokens, exchange, idTokenOf, launchAt, launched, redeemAt, settle } from './exchange.ts';
import { read, unsigned } from './oauth.ts';
import { openStronghold, privateKey, publicOf, STORES, type Stronghold } from './stronghold.ts';

/** Why an exchange is refused, as the log tells it. */
const why = (reason: string) => `8 fellesplan-app token-exchange invalid_request: ${reason}`;
const UNKNOWN_ISSUER = why('the issuer of the subject_token is not trusted here');
const BAD_ID_TOKEN = why('the subject_token could not be verified');
const INACTIVE = why('the EHR says that the actor_token is not active');
const DIFFERENT = why('subject_token and actor_token are not of the same user and app');
const NO_USER = why('the subject_token has no fhirUser');
const bearer = (token: unknown) => ({ Authorization: `Bearer ${token}` });

/** An exchange with an id_token that was made otherwise. */
function otherwise(words: string, logged: string, make: (place: Stronghold, tokens: EhrTokens) => Promise<string>): Attack {
  return attack(words, '400 invalid_request', logged, async (place) => {
    const tokens = await launched(place, 'municipality');
    const id = await make(place, tokens);
    place.secrets.add(id);
    return exchange(place, { ...tokens, id });
  });
}

const seconds = () => Math.floor(Date.now() / 1000);

const MIX_UP: readonly Attack[] = [
  attack(
    'a code of the municipality redeemed at the shared service',
    '400 invalid_grant',
    '8 fellesplan-app launch invalid_grant',
    async (place) => redeemAt(place, await codeAt(place, 'municipality'), ''),
  ),
  otherwise('an id_token of an issuer that is not trusted', UNKNOWN_ISSUER, (place, tokens) =>
    idTokenOf(place, 'municipality', tokens, { iss: 'https://evil.example' }),
  ),
  otherwise('an id_token of an issuer that looks alike', UNKNOWN_ISSUER, (place, tokens) =>
    idTokenOf(place, 'municipality', tokens, { iss: `${place.origin}/ehr/municipality/auth/` }),
  ),
  otherwise('an id_token that says it is of the hospital, by the key of the municipality', BAD_ID_TOKEN, (place, tokens) =>
    idTokenOf(place, 'municipality', tokens, { iss: `${place.origin}/ehr/hospital/auth` }),
  ),
  otherwise('an id_token of the shared service itself', UNKNOWN_ISSUER, (place, tokens) =>
    idTokenOf(place, 'municipality', tokens, { iss: place.issuer }),
  ),
  otherwise('an id_token for another app', BAD_ID_TOKEN, (place, tokens) =>
    idTokenOf(place, 'municipality', tokens, { aud: 'another-app' }),
  ),
  otherwise('an id_token for several apps', BAD_ID_TOKEN, (place, tokens) =>
    idTokenOf(place, 'municipality', tokens, { aud: ['fellesplan-app', 'another-app'], azp: 'another-app' }),
  ),
  otherwise('an id_token that has expired', BAD_ID_TOKEN, (place, tokens) =>
    idTokenOf(place, 'municipality', tokens, { exp: seconds() - 60 }),
  ),
  otherwise('an id_token of long ago that never expires', BAD_ID_TOKEN, (place, tokens) =>
    idTokenOf(place, 'municipality', tokens, { iat: seconds() - 90_000, exp: seconds() + 90_000 }),
  ),
  otherwise('an id_token of the future', BAD_ID_TOKEN, (place, tokens) =>
    idTokenOf(place, 'municipality', tokens, { iat: seconds() + 3600, exp: seconds() + 7200 }),
  ),
  otherwise('an id_token of another user than the access token', DIFFERENT, (place, tokens) =>
    idTokenOf(place, 'municipality', tokens, { sub: 'municipality-stranger' }),
  ),
  otherwise('an id_token whose user is elsewhere', NO_USER, (place, tokens) =>
    idTokenOf(place, 'municipality', tokens, { fhirUser: 'https://evil.example/fhir/Practitioner/municipality-nurse' }),
  ),
  otherwise('an id_token whose user climbs out of the FHIR base', NO_USER, (place, tokens) =>
    idTokenOf(place, 'municipality', tokens, {
      fhirUser: `${place.origin}/ehr/municipality/fhir/Practitioner/../Patient/municipality-ida`,
    }),
  ),
  otherwise('an id_token whose user is on the network within', NO_USER, (place, tokens) =>
    idTokenOf(place, 'municipality', tokens, { fhirUser: 'http://169.254.169.254/Practitioner/1' }),
  ),
  otherwise('an id_token whose user is a patient', NO_USER, (place, tokens) =>
    idTokenOf(place, 'municipality', tokens, { fhirUser: `${place.origin}/ehr/municipality/fhir/Patient/municipality-ida` }),
  ),
  otherwise('an id_token by a key of one’s own', BAD_ID_TOKEN, async (place, tokens) =>
    idTokenOf(place, 'municipality', tokens, {}, await privateKey('RS256', 'own')),
  ),
  otherwise('an id_token that nobody signed', BAD_ID_TOKEN, async (_place, tokens) => unsigned(claimsIn(tokens.id))),
  otherwise('an id_token by HS256 with the public key of the EHR', BAD_ID_TOKEN, async (place, tokens) => {
    const { keys } = (await (await fetch(`${place.origin}/ehr/municipality/auth/jwks`)).json()) as { keys: { kid: string }[] };
    const pem = createPublicKey({ key: keys[0] as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    return new SignJWT(claimsIn(tokens.id)).setProtectedHeader({ alg: 'HS256', kid: keys[0]!.kid }).sign(createSecretKey(Buffer.from(pem)));
  }),
  otherwise('an id_token with a key of one’s own in its header', BAD_ID_TOKEN, async (_place, tokens) => {
    const own = await privateKey('RS256', 'own');
    const { importJWK } = await import('jose');
    return new SignJWT(claimsIn(tokens.id))
      .setProtectedHeader({ alg: 'RS256', kid: 'own', jwk: publicOf(own), jku: 'https://evil.example/jwks' })
      .sign(await importJWK(own, 'RS256'));
  }),
  otherwise('an access token sent as the id_token', BAD_ID_TOKEN, async (_place, tokens) => tokens.access),
  attack('the id_token of one EHR and the access token of another', '400 invalid_request', INACTIVE, async (place) => {
    const [one, two] = [await launched(place, 'municipality'), await launched(place, 'hospital')];
    return exchange(place, { id: one.id, access: two.access });
  }),
  attack('the access token of another user', '400 invalid_request', DIFFERENT, async (place) => {
    const [one, two] = [await launched(place, 'municipality'), await launched(place, 'municipality', 'stranger')];
    return exchange(place, { id: two.id, access: one.access });
  }),
  attack('an access token that was revoked at the EHR', '400 invalid_request', INACTIVE, async (place) => {
    const tokens = await launched(place, 'municipality');
    const form = new URLSearchParams({ token: tokens.access, client_id: 'fellesplan-app' });
    expect((await fetch(`${place.origin}/ehr/municipality/auth/revoke`, { method: 'POST', body: form })).status).toBe(200);
    return exchange(place, tokens);
  }),
  attack('an access token of the shared service as the EHR’s', '400 invalid_request', INACTIVE, async (place) => {
    const tokens = await launched(place, 'municipality');
    const { body } = await exchange(place, tokens);
    return exchange(place, { id: tokens.id, access: String(body.access_token) });
  }),
  attack('a refresh token as the access token', '400 invalid_request', why('the user could not be read'), async (place) => {
    const tokens = await launched(place, 'municipality');
    return exchange(place, { id: tokens.id, access: tokens.refresh });
  }),
  attack(
    'a user whom the shared service does not know',
    '400 invalid_request',
    why('the user is not known to this service'),
    async (place) => exchange(place, await launched(place, 'municipality', 'nobody')),
  ),
  attack('another type of token', '400 invalid_request', why('only urn:ietf'), async (place) =>
    exchange(place, await launched(place, 'municipality'), { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' }),
  ),
  attack('a token for another resource', '400 invalid_target', '8 fellesplan-app token-exchange invalid_target', async (place) =>
    exchange(place, await launched(place, 'municipality'), { resource: `${place.origin}/ehr/hospital/fhir` }),
  ),
  attack('a token for another audience', '400 invalid_target', '8 fellesplan-app token-exchange invalid_target', async (place) =>
    exchange(place, await launched(place, 'municipality'), { audience: 'https://evil.example' }),
  ),
  attack('scopes of a system at the exchange', '400 invalid_scope', '8 fellesplan-app token-exchange invalid_scope', async (place) =>
    exchange(place, await launched(place, 'municipality'), { scope: 'system/*.cruds' }),
  ),
  attack('the exchange by a client that may not', '400 invalid_request', '8 app-a token-exchange invalid_request', async (place) =>
    exchange(place, await launched(place, 'municipality'), { client_id: 'app-a' }),
  ),
  attack(
    'the plan of a patient the user has nothing to do with, by the token of another patient',
    '404 not-found',
    '8 Practitioner/nurse read 404 not-found Patient/own',
    async (place) => {
      const { body } = await exchange(place, await launched(place, 'municipality'));
      expect(body.patient).toBe('ida');
      return read(place, bearer(body.access_token), 'CarePlan/own-plan');
    },
  ),
  attack('a shared token at an EHR, and then the EHR’s token here', '401 login', '8 Ukjent unknown 401 login', async (place) => {
    const tokens = await launched(place, 'municipality');
    const { body } = await exchange(place, tokens);
    const there = await fetch(`${place.origin}/ehr/municipality/fhir/Patient/municipality-ida`, { headers: bearer(body.access_token) });
    expect(there.status).toBe(401);
    return read(place, bearer(tokens.access));
  }),
];

describe.each(STORES)('between issuers on %s:', (store) => {
  let place: Stronghold;
  beforeAll(async () => {
    place = await openStronghold(store);
    await settle(place);
  });
  afterAll(() => place.close());

  areRefusedAndLogged(MIX_UP, () => place);

  it('a code of one EHR is nothing to another, and is told to the operator there', async () => {
    const before = place.lines.length;
    const got = await redeemAt(place, await codeAt(place, 'municipality'), '/ehr/hospital');
    expect([got.status, got.body.error]).toEqual([400, 'invalid_grant']);
    expect(place.lines.slice(before).join('\n')).toContain(
      '"issuer":"hospital","what":"token","reason":"invalid_grant; authorization code not found"',
    );
  });

  it('a launch of one EHR is nothing to another, and used twice it is nothing at all', async () => {
    const launch = await launchAt(place, 'municipality');
    expect((await authorizeAt(place, 'hospital', launch)).headers.get('location')).toContain('error=invalid_request');
    expect((await authorizeAt(place, 'municipality', launch)).headers.get('location')).toContain('code=');
    expect((await authorizeAt(place, 'municipality', launch)).headers.get('location')).toContain('error=invalid_request');
  });

  it('who the answer comes from is in it, so that an app is not mixed up', async () => {
    const { headers } = await authorizeAt(place, 'municipality', await launchAt(place, 'municipality'));
    expect(new URL(headers.get('location')!).searchParams.get('iss')).toBe(`${place.origin}/ehr/municipality/auth`);
  });

  it('a patient that the app names at the exchange is not heard', async () => {
    const more = { patient: 'own', launch: 'own', encounter: 'x', fhirUser: 'Practitioner/coordinator', organization_number: '100000001' };
    const { body } = await exchange(place, await launched(place, 'municipality'), more);
    expect(body).toMatchObject({ patient: 'ida', fhirUser: `${place.fhir}/Practitioner/nurse` });
    expect(claimsIn(String(body.access_token))).toMatchObject({ patient: 'ida', organization_number: '100000002' });
  });

  it('one who has nothing to do with the patient gets a token without them, and the log knows whom they came for', async () => {
    await place.newEvents();
    const { body } = await exchange(place, await launched(place, 'hospital', 'stranger'));
    expect(body).not.toHaveProperty('patient');
    expect((await place.newEvents()).map(({ line }) => line)).toContain(
      '8 Practitioner/stranger token-exchange no relation to the patient Patient/ida',
    );
  });
});
