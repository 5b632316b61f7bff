/**
 * Attacks on keys and tokens: forged, confused, replayed, taken elsewhere.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc8725 · https://www.rfc-editor.org/rfc/rfc9449 · https://www.rfc-editor.org/rfc/rfc7523
 */
import { createPublicKey, createSecretKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dpopKey } from '../auth/dpop-key.ts';
import { type Attack, areRefusedAndLogged, attack } from './attack.ts';
import { assertion, assertionFields, codeFor, post, read, redeem, systemToken, tokens, unsigned } from './oauth.ts';
import { ask, INTERNAL_KEY_SETS, openStronghold, privateKey, publicOf, STORES, type Stronghold, WHO } from './stronghold.ts';

const NO_TOKEN = '8 Ukjent unknown 401 login';
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const seconds = () => Math.floor(Date.now() / 1000);

/** The service's own public key, as anyone may fetch it. */
async function serverKey({ issuer }: Stronghold) {
  const { keys } = (await (await fetch(`${issuer}/jwks`)).json()) as { keys: { kid: string; n: string }[] };
  return keys[0]!;
}

/** A token of the nurse, in the parts a forger has. */
async function claimsOf(place: Stronghold, more: object = {}): Promise<Record<string, unknown>> {
  const token = await place.tokenOf(WHO.nurse);
  return { ...(JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as object), ...more };
}

const ASSERTIONS: readonly Attack[] = [
  attack('a client assertion with alg none', '401 invalid_client', '8 rsa-system token invalid_client', (place) =>
    systemToken(
      place,
      assertionFields(unsigned({ iss: 'rsa-system', sub: 'rsa-system', aud: `${place.issuer}/token`, exp: seconds() + 60, jti: 'x1' })),
    ),
  ),
  ...['None', 'NONE', 'nOnE', ''].map((alg) =>
    attack(
      `a client assertion with alg ${alg === '' ? 'empty' : alg}`,
      '401 invalid_client',
      '8 rsa-system token invalid_client',
      (place) =>
        systemToken(
          place,
          assertionFields(
            unsigned({ iss: 'rsa-system', sub: 'rsa-system', aud: `${place.issuer}/token`, exp: seconds() + 60, jti: 'x2' }, { alg }),
          ),
        ),
    ),
  ),
  attack(
    'a client assertion by HS256 with the public key as the secret',
    '401 invalid_client',
    '8 rsa-system token invalid_client',
    async (place) => {
      const pem = createPublicKey({ key: publicOf(place.keys.rsa) as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
      return systemToken(place, await assertion(place, 'rsa-system', Buffer.from(pem), { header: { alg: 'HS256' } }));
    },
  ),
  attack(
    'a client assertion by HS256 with the modulus as the secret',
    '401 invalid_client',
    '8 rsa-system token invalid_client',
    async (place) => systemToken(place, await assertion(place, 'rsa-system', Buffer.from(place.keys.rsa.n!, 'base64url'))),
  ),
  attack('the key of another client', '401 invalid_client', '8 rsa-system token invalid_client', async (place) =>
    systemToken(place, await assertion(place, 'rsa-system', place.keys.ec)),
  ),
  attack('the key of another client under the right key id', '401 invalid_client', '8 rsa-system token invalid_client', async (place) =>
    systemToken(place, await assertion(place, 'rsa-system', await privateKey('RS384', 'rsa-1'))),
  ),
  attack('a key id with SQL in it', '401 invalid_client', '8 rsa-system token invalid_client', async (place) =>
    systemToken(place, await assertion(place, 'rsa-system', await privateKey('RS384', "rsa-1' OR '1'='1"))),
  ),
  attack('a key id that is a file', '401 invalid_client', '8 rsa-system token invalid_client', async (place) =>
    systemToken(place, await assertion(place, 'rsa-system', await privateKey('RS384', '../../../../dev/null'))),
  ),
  attack('a key of one’s own in the header (jwk)', '401 invalid_client', '8 rsa-system token invalid_client', async (place) => {
    const own = await privateKey('RS384', 'rsa-1');
    return systemToken(place, await assertion(place, 'rsa-system', own, { header: { jwk: publicOf(own) } }));
  }),
  ...['jku', 'x5u'].map((name) =>
    attack(`keys of one’s own by ${name}`, '401 invalid_client', '8 rsa-system token invalid_client', async (place) =>
      systemToken(
        place,
        await assertion(place, 'rsa-system', await privateKey('RS384', 'rsa-1'), { header: { [name]: 'https://evil.example/jwks' } }),
      ),
    ),
  ),
  attack('a certificate of one’s own (x5c)', '401 invalid_client', '8 ec-system token invalid_client', async (place) =>
    systemToken(place, await assertion(place, 'ec-system', await privateKey('ES384', 'ec-1'), { header: { x5c: ['MIIB'] } })),
  ),
  attack('a header that must be understood and is not (crit)', '401 invalid_client', '8 ec-system token invalid_client', async (place) => {
    const [header, ...rest] = (await assertion(place, 'ec-system', place.keys.ec)).client_assertion!.split('.');
    const critical = { ...(JSON.parse(Buffer.from(header!, 'base64url').toString()) as object), crit: ['odd'], odd: 1 };
    return systemToken(place, assertionFields([Buffer.from(JSON.stringify(critical)).toString('base64url'), ...rest].join('.')));
  }),
  attack('a client assertion replayed', '401 invalid_client', '8 ec-system token invalid_client', async (place) => {
    const once = await assertion(place, 'ec-system', place.keys.ec);
    expect((await systemToken(place, once)).status).toBe(200);
    return systemToken(place, once);
  }),
  attack('a client assertion for another server', '401 invalid_client', '8 ec-system token invalid_client', async (place) =>
    systemToken(place, await assertion(place, 'ec-system', place.keys.ec, { claims: { aud: `${place.origin}/ehr/hospital/auth/token` } })),
  ),
  attack('a client assertion for an hour', '401 invalid_client', '8 ec-system token invalid_client', async (place) =>
    systemToken(place, await assertion(place, 'ec-system', place.keys.ec, { claims: { exp: seconds() + 3600 } })),
  ),
  attack('a client assertion that has expired', '401 invalid_client', '8 ec-system token invalid_client', async (place) =>
    systemToken(place, await assertion(place, 'ec-system', place.keys.ec, { claims: { exp: seconds() - 60 } })),
  ),
  attack('a client assertion that never expires', '401 invalid_client', '8 ec-system token invalid_client', async (place) =>
    systemToken(place, await assertion(place, 'ec-system', place.keys.ec, { claims: { exp: undefined } })),
  ),
  attack('a client assertion that says another issuer', '401 invalid_client', '8 ec-system token invalid_client', async (place) =>
    systemToken(place, await assertion(place, 'ec-system', place.keys.ec, { claims: { iss: 'rsa-system' } })),
  ),
  attack('the assertion of one system beside the name of another', '400 invalid_request', '8 Ukjent token invalid_request', async (place) =>
    systemToken(place, await assertion(place, 'ec-system', place.keys.ec), { client_id: 'rsa-system' }),
  ),
  attack('scopes of users for a system', '400 invalid_scope', '8 rsa-system token invalid_scope', async (place) =>
    systemToken(place, await assertion(place, 'rsa-system', place.keys.rsa), { scope: 'user/*.cruds patient/*.cruds' }),
  ),
  ...INTERNAL_KEY_SETS.map((url, at) =>
    attack(`keys at ${url}`, '401 invalid_client', `8 inside-${at} token invalid_client`, async (place) =>
      systemToken(place, await assertion(place, `inside-${at}`, place.keys.rsa)),
    ),
  ),
];

const FORGED: readonly Attack[] = [
  attack('an access token with alg none', '401 login', NO_TOKEN, async (place) => {
    const forged = unsigned(await claimsOf(place), { alg: 'none', typ: 'at+jwt' });
    expect((await read(place, bearer(forged))).status).toBe(401);
    return read(place, bearer(`${forged}x`));
  }),
  attack('an access token by HS256 with the server’s public key', '401 login', NO_TOKEN, async (place) => {
    const key = await serverKey(place);
    const secret = createSecretKey(
      Buffer.from(createPublicKey({ key: key as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' })),
    );
    return read(
      place,
      bearer(await new SignJWT(await claimsOf(place)).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: key.kid }).sign(secret)),
    );
  }),
  attack('an access token signed with the key of a client', '401 login', NO_TOKEN, async (place) =>
    read(place, bearer(await place.tokenOf(WHO.nurse, { key: { ...place.keys.rsa, alg: 'RS256' } }))),
  ),
  attack('an access token whose claims were changed', '401 login', NO_TOKEN, async (place) => {
    const [header, , signature] = (await place.tokenOf(WHO.outsider)).split('.');
    const claims = Buffer.from(JSON.stringify(await claimsOf(place))).toString('base64url');
    return read(place, bearer(`${header}.${claims}.${signature}`));
  }),
  attack('an access token of an issuer that looks alike', '401 login', NO_TOKEN, async (place) =>
    read(place, bearer(await place.tokenOf(WHO.nurse, { claims: { iss: `${place.issuer}/` } }))),
  ),
  attack('an access token for another resource server', '401 login', NO_TOKEN, async (place) =>
    read(place, bearer(await place.tokenOf(WHO.nurse, { claims: { aud: `${place.origin}/ehr/hospital/fhir` } }))),
  ),
  attack('an access token for several resource servers', '401 login', NO_TOKEN, async (place) =>
    read(place, bearer(await place.tokenOf(WHO.nurse, { claims: { aud: [place.fhir, 'https://evil.example'] } }))),
  ),
  attack('an access token that has expired', '401 login', NO_TOKEN, async (place) =>
    read(place, bearer(await place.tokenOf(WHO.nurse, { claims: { exp: seconds() - 60 } }))),
  ),
  attack('an access token that is not in the register', '401 login', NO_TOKEN, async (place) =>
    read(place, bearer(await place.tokenOf(WHO.nurse, { claims: { jti: 'made-up' } }))),
  ),
  attack('an access token of a client that is no longer registered', '401 login', NO_TOKEN, async (place) =>
    read(place, bearer(await place.tokenOf({ ...WHO.nurse, clientId: 'gone' }))),
  ),
  attack('an id_token sent as an access token', '401 login', NO_TOKEN, async (place) => {
    const { body } = await redeem(place, await codeFor(place));
    return read(place, bearer(String(body.id_token)));
  }),
  attack('a JWT of the service of another type', '401 login', NO_TOKEN, async (place) =>
    read(place, bearer(await place.tokenOf(WHO.nurse, { header: { typ: 'JWT' } }))),
  ),
  attack('a key of one’s own in the header of an access token', '401 login', NO_TOKEN, async (place) => {
    const own = await privateKey('RS256', 'own');
    return read(place, bearer(await place.tokenOf(WHO.nurse, { key: own, header: { jwk: publicOf(own), jku: 'https://evil.example' } })));
  }),
  attack('an access token in the query', '401 login', NO_TOKEN, async (place) =>
    read(place, {}, `CarePlan/ida-plan?access_token=${await place.tokenOf(WHO.nurse)}`),
  ),
  attack('an access token in a form', '401 login', NO_TOKEN, async (place) =>
    ask(place.fhir, 'POST', 'CarePlan/_search', `access_token=${await place.tokenOf(WHO.nurse)}`, {
      'Content-Type': 'application/x-www-form-urlencoded',
    }),
  ),
  attack('an access token in a cookie', '401 login', NO_TOKEN, async (place) =>
    read(place, { Cookie: `access_token=${await place.tokenOf(WHO.nurse)}` }),
  ),
  attack('an access token as a password', '401 login', NO_TOKEN, async (place) => {
    const password = Buffer.from(`x:${await place.tokenOf(WHO.nurse)}`).toString('base64');
    return read(place, { Authorization: `Basic ${password}` });
  }),
  attack('two access tokens at once', '401 login', NO_TOKEN, async (place) =>
    read(place, { Authorization: `Bearer ${await place.tokenOf(WHO.outsider)}, Bearer ${await place.tokenOf(WHO.nurse)}` }),
  ),
  attack('a token of an EHR at the shared service', '401 login', NO_TOKEN, async (place) => {
    const other = `${place.origin}/ehr/hospital`;
    return read(place, bearer(await place.tokenOf(WHO.nurse, { claims: { iss: `${other}/auth`, aud: `${other}/fhir` } })));
  }),
  attack('a token that was revoked', '401 login', NO_TOKEN, async (place) => {
    const { access } = await tokens(place);
    expect((await post(place, '/revoke', { token: access, client_id: 'app-a' })).status).toBe(200);
    return read(place, bearer(access));
  }),
  ...[
    '',
    ' ',
    'Bearer',
    'Bearer ',
    'Bearer null',
    'Bearer undefined',
    'Bearer ..',
    'Bearer a.b.c',
    'Negotiate x',
    `Bearer ${'a'.repeat(9000)}.b.c`,
  ].map((header) =>
    attack(`the header Authorization: ${header.length > 40 ? 'of nine thousand letters' : `"${header}"`}`, '401 login', NO_TOKEN, (place) =>
      read(place, { Authorization: header }),
    ),
  ),
];

/** A token bound to a key, with proofs that go wrong. */
function proven(
  words: string,
  spoil: (place: Stronghold, token: string, key: Awaited<ReturnType<typeof dpopKey>>) => Promise<Record<string, string>>,
): Attack {
  return attack(words, '401 login', NO_TOKEN, async (place) => {
    const key = await dpopKey();
    const { body } = await redeem(place, await codeFor(place), {}, { DPoP: await key.proof('POST', `${place.issuer}/token`) });
    expect(body.token_type).toBe('DPoP');
    return read(place, await spoil(place, String(body.access_token), key));
  });
}
const url = (place: Stronghold) => `${place.fhir}/CarePlan/ida-plan`;
const dpop = (token: string, proof: string) => ({ Authorization: `DPoP ${token}`, DPoP: proof });

const PROOFS: readonly Attack[] = [
  proven('a bound token as a bearer token', async (_place, token) => bearer(token)),
  proven('a bound token without a proof', async (_place, token) => ({ Authorization: `DPoP ${token}` })),
  proven('a bound token with a proof of another key', async (place, token) =>
    dpop(token, await (await dpopKey()).proof('GET', url(place), token)),
  ),
  proven('a proof replayed', async (place, token, key) => {
    const headers = dpop(token, await key.proof('GET', url(place), token));
    expect((await read(place, headers)).status).toBe(200);
    return headers;
  }),
  proven('a proof of another method (htm)', async (place, token, key) => dpop(token, await key.proof('DELETE', url(place), token))),
  proven('a proof of another URL (htu)', async (place, token, key) =>
    dpop(token, await key.proof('GET', `${place.fhir}/CarePlan/own-plan`, token)),
  ),
  proven('a proof of another host (htu)', async (place, token, key) =>
    dpop(token, await key.proof('GET', url(place).replace('localhost', '127.0.0.1'), token)),
  ),
  proven('a proof of another token (ath)', async (place, token, key) => dpop(token, await key.proof('GET', url(place), `${token}x`))),
  proven('a proof of no token (ath)', async (place, token, key) => dpop(token, await key.proof('GET', url(place)))),
  proven('a proof of yesterday', async (place, token, key) =>
    dpop(token, await key.proof('GET', url(place), token, { claims: { iat: seconds() - 86_400 } })),
  ),
  proven('a proof of tomorrow', async (place, token, key) =>
    dpop(token, await key.proof('GET', url(place), token, { claims: { iat: seconds() + 86_400 } })),
  ),
  proven('a proof without an id', async (place, token, key) =>
    dpop(token, await key.proof('GET', url(place), token, { claims: { jti: undefined } })),
  ),
  proven('a proof of another type', async (place, token, key) =>
    dpop(token, await key.proof('GET', url(place), token, { header: { typ: 'JWT' } })),
  ),
  proven('a proof with alg none', async (place, token, key) => {
    const [, claims] = (await key.proof('GET', url(place), token)).split('.');
    return dpop(token, `${Buffer.from('{"alg":"none","typ":"dpop+jwt"}').toString('base64url')}.${claims}.`);
  }),
];

describe.each(STORES)('keys and tokens on %s:', (store) => {
  let place: Stronghold;
  beforeAll(async () => {
    place = await openStronghold(store);
  });
  afterAll(() => place.close());

  areRefusedAndLogged(ASSERTIONS, () => place);
  areRefusedAndLogged(FORGED, () => place);
  areRefusedAndLogged(PROOFS, () => place);

  it('a token of app A is neither revoked nor told of to app B', async () => {
    const { access } = await tokens(place);
    await post(place, '/revoke', { token: access, client_id: 'app-b' });
    expect((await read(place, bearer(access))).status).toBe(200);
    expect((await post(place, '/introspect', { token: access, client_id: 'app-b' })).body).not.toHaveProperty('patient');
  });

  it('who guesses the key of a client from one address has to wait after twenty times, and no one else has', async () => {
    const from = { 'X-Forwarded-For': '203.0.113.77' };
    const guess = async (headers: Record<string, string>) => {
      const form = { grant_type: 'client_credentials', ...(await assertion(place, 'rsa-system', place.keys.ec)) };
      return post(place, '/token', form, headers);
    };
    for (let times = 0; times < 20; times += 1) expect((await guess(from)).status).toBe(401);
    const waits = await guess(from);
    expect([waits.status, Number(waits.headers.get('retry-after'))]).toEqual([429, expect.closeTo(300, -2)]);
    expect((await systemToken(place, await assertion(place, 'rsa-system', place.keys.rsa))).status).toBe(200);
    expect((await place.newEvents()).map(({ line }) => line)).toContainEqual(expect.stringContaining('throttled client'));
  });
});
