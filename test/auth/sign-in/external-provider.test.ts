import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ExternalPerson, externalProvider } from '../../../server/auth/sign-in/external-provider.ts';
import type { ExternalUsers } from '../../../server/auth/sign-in/sign-in.ts';
import { freePort } from '../../support/free-port.ts';

/** A provider that says what it is told to say. */
let http: Server;
let issuer: string;
let document: Record<string, unknown>;
let publicKey: JWK;
let privateKey: Parameters<SignJWT['sign']>[0];
let idToken: (nonce: string) => Promise<string>;
let nonce = '';
let tokenStatus = 200;
let keysAreLost: ((res: ServerResponse) => void) | undefined;
let tokenError: string | undefined;
let seen: ExternalPerson[] = [];
let users: ExternalUsers;
let ownKey: JWK;

const REDIRECT = 'https://plan.example/auth/sign-in/callback';
const PERSON = { 'helseid://claims/identity/security_level': '4', 'helseid://claims/hpr/hpr_number': '999012345', name: 'Kari' };

beforeAll(async () => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  privateKey = pair.privateKey;
  publicKey = { ...(await exportJWK(pair.publicKey)), kid: 'k', alg: 'RS256', use: 'sig' };
  http = createServer(async (req, res) => {
    let text = '';
    for await (const chunk of req) text += String(chunk);
    const form = new URLSearchParams(text);
    const say = (status: number, body: unknown) => res.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    if (req.url === '/.well-known/openid-configuration') return say(200, document);
    if (req.url === '/jwks' && keysAreLost !== undefined) return keysAreLost(res);
    if (req.url === '/jwks') return say(200, { keys: [publicKey] });
    if (req.url === '/par') {
      nonce = form.get('nonce') ?? '';
      return say(201, { request_uri: 'urn:x', expires_in: 60 });
    }
    return say(tokenStatus, { error: tokenError, id_token: await idToken(nonce), access_token: 'x', token_type: 'DPoP' });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterAll(() => {
  http.closeAllConnections();
  http.close();
});
beforeEach(async () => {
  document = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    pushed_authorization_request_endpoint: `${issuer}/par`,
    jwks_uri: `${issuer}/jwks`,
  };
  tokenStatus = 200;
  keysAreLost = undefined;
  tokenError = undefined;
  seen = [];
  idToken = (value) => signed({ nonce: value });
  const { privateKey: own } = await generateKeyPair('ES384', { extractable: true });
  ownKey = { ...(await exportJWK(own)), alg: 'ES384', kid: 'own' };
  users = externalProvider({
    name: 'Test',
    issuer,
    clientId: 'us',
    privateKey: ownKey,
    findUser: async (person) => {
      seen.push(person);
      return { accountId: 'Practitioner/pr1', name: person.name };
    },
  });
});

/** An id_token of the provider; a claim set to undefined is left out. */
function signed(more: Record<string, unknown>, key: Parameters<SignJWT['sign']>[0] = privateKey, alg = 'RS256'): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, aud: 'us', sub: 's', iat: now, exp: now + 300, ...PERSON, ...more };
  const present = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
  return new SignJWT(present).setProtectedHeader({ alg, kid: 'k' }).sign(key);
}

async function signIn(answer: Record<string, string> = { code: 'c' }) {
  const { request } = await users.start({ redirectUri: REDIRECT, state: 's' });
  return users.finish({ redirectUri: REDIRECT, answer: new URLSearchParams(answer), request });
}

describe('an external sign-in', () => {
  it('gives the user and who they are said to be', async () => {
    idToken = (value) => signed({ nonce: value, 'helseid://claims/client/claims/orgnr_parent': '999000001' });
    await expect(signIn({ code: 'c', iss: issuer })).resolves.toEqual({ accountId: 'Practitioner/pr1', name: 'Kari' });
    expect(seen).toEqual([{ name: 'Kari', hprNumber: '999012345', organizationNumbers: ['999000001'] }]);
  });

  it('takes the unit before the whole, and a number that comes as a list of one', async () => {
    idToken = (value) =>
      signed({
        nonce: value,
        'helseid://claims/hpr/hpr_number': ['999012345'],
        'helseid://claims/identity/pid': '13717404089',
        'helseid://claims/client/claims/orgnr_parent': '999000001',
        'helseid://claims/client/claims/orgnr_child': '999000009',
      });
    await signIn();
    expect(seen[0]).toMatchObject({
      hprNumber: '999012345',
      nationalNumber: '13717404089',
      organizationNumbers: ['999000009', '999000001'],
    });
  });

  it('works at a provider whose name ends with a slash', async () => {
    const named = `${issuer}/`;
    document.issuer = named;
    users = externalProvider({
      name: 'Test',
      issuer: named,
      clientId: 'us',
      privateKey: ownKey,
      findUser: async () => ({ accountId: 'a', name: 'Kari' }),
    });
    idToken = (value) => signed({ nonce: value, iss: named });
    await expect(signIn()).resolves.toEqual({ accountId: 'a', name: 'Kari' });
  });

  const past = () => Math.floor(Date.now() / 1000) - 3600;
  const invalid: readonly (readonly [why: string, token: (nonce: string) => Promise<string>])[] = [
    ['for another client', (value) => signed({ nonce: value, aud: 'them' })],
    ['for several clients without saying which', (value) => signed({ nonce: value, aud: ['us', 'them'] })],
    ['for several clients, of another', (value) => signed({ nonce: value, aud: ['us', 'them'], azp: 'them' })],
    ['of another issuer', (value) => signed({ nonce: value, iss: 'https://evil.example' })],
    ['that has expired', (value) => signed({ nonce: value, exp: past() })],
    ['without an end', (value) => signed({ nonce: value, exp: undefined })],
    ['of another sign-in', () => signed({ nonce: 'another' })],
    ['of no sign-in', () => signed({ nonce: undefined })],
    ['without a subject', (value) => signed({ nonce: value, sub: undefined })],
    ['signed by somebody else', async (value) => signed({ nonce: value }, (await generateKeyPair('RS256')).privateKey)],
    [
      'signed with the public key as a shared secret [key confusion]',
      (value) => signed({ nonce: value }, new TextEncoder().encode(JSON.stringify(publicKey)), 'HS256'),
    ],
    [
      'that is not signed [alg none]',
      async (value) => {
        const [, payload] = (await signed({ nonce: value })).split('.');
        return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
      },
    ],
    ['that is rubbish', async () => 'rubbish'],
  ];
  it.each(invalid)('refuses an id_token %s', async (_why, token) => {
    idToken = token;
    await expect(signIn()).rejects.toMatchObject({ refusal: 'invalid' });
    expect(seen).toEqual([]);
  });

  it.each([['3'], ['2'], [undefined], ['high'], ['']])('refuses security level %s', async (level) => {
    idToken = (value) => signed({ nonce: value, 'helseid://claims/identity/security_level': level });
    await expect(signIn()).rejects.toMatchObject({ refusal: 'securityLevel' });
    expect(seen).toEqual([]);
  });

  it('refuses an answer with an error, without a code, or from another issuer [RFC 9207]', async () => {
    await expect(signIn({ error: 'access_denied' })).rejects.toMatchObject({ refusal: 'refused' });
    await expect(signIn({})).rejects.toMatchObject({ refusal: 'refused' });
    await expect(signIn({ code: 'c', iss: 'https://evil.example' })).rejects.toMatchObject({ refusal: 'invalid' });
  });

  it('refuses a code that the provider refuses', async () => {
    tokenStatus = 400;
    await expect(signIn()).rejects.toMatchObject({ refusal: 'invalid' });
  });

  it('tells the operator in codes what the provider holds against the service, or what its clock makes of a token', async () => {
    tokenStatus = 400;
    tokenError = 'invalid_client';
    await expect(signIn()).rejects.toMatchObject({ refusal: 'invalid', why: 'invalid_client' });
    tokenError = 'a sentence about somebody';
    await expect(signIn()).rejects.toMatchObject({ refusal: 'invalid', why: 'an answer without an error code' });
    tokenStatus = 200;
    idToken = (value) => signed({ nonce: value, exp: past() });
    await expect(signIn()).rejects.toMatchObject({ refusal: 'invalid', why: 'id_token: ERR_JWT_EXPIRED exp' });
    idToken = (value) => signed({ nonce: value, aud: 'them' });
    await expect(signIn()).rejects.toMatchObject({ refusal: 'invalid', why: 'id_token: ERR_JWT_CLAIM_VALIDATION_FAILED aud' });
    document = { ...document, token_endpoint: undefined };
    const other = externalProvider({ name: 'x', issuer, clientId: 'us', privateKey: {}, findUser: async () => undefined });
    await expect(other.start({ redirectUri: REDIRECT, state: 's' })).rejects.toMatchObject({
      why: 'its configuration has no token_endpoint on its own host',
    });
  });

  it.each(['authorization_endpoint', 'token_endpoint', 'pushed_authorization_request_endpoint', 'jwks_uri'])(
    'sends nothing to %s on another host',
    async (name) => {
      document = { ...document, [name]: 'https://evil.example/x' };
      await expect(users.start({ redirectUri: REDIRECT, state: 's' })).rejects.toMatchObject({ refusal: 'unreachable' });
    },
  );

  it('takes no document of another issuer, and asks again the next time', async () => {
    document = { ...document, issuer: 'https://evil.example' };
    await expect(users.start({ redirectUri: REDIRECT, state: 's' })).rejects.toMatchObject({ refusal: 'unreachable' });
    document = { ...document, issuer };
    await expect(signIn()).resolves.toMatchObject({ accountId: 'Practitioner/pr1' });
  });

  it.each([null, [], 'text'])('says so when the provider answers %j', async (answer) => {
    document = answer as never;
    await expect(users.start({ redirectUri: REDIRECT, state: 's' })).rejects.toMatchObject({
      refusal: 'unreachable',
      why: 'an answer that is no JSON object, with status 200',
    });
  });

  const lost: readonly (readonly [how: string, lose: (res: ServerResponse) => void])[] = [
    ['fail', (res) => res.writeHead(500).end()],
    ['are no JSON', (res) => res.end('soon')],
    ['are no keys', (res) => res.end('{}')],
    ['break off', (res) => res.destroy()],
  ];
  it.each(lost)('says so when its keys %s: the user has done nothing wrong', async (_how, lose) => {
    keysAreLost = lose;
    await expect(signIn()).rejects.toMatchObject({ refusal: 'unreachable' });
  });

  it('says so when the provider does not answer', async () => {
    const gone = externalProvider({
      name: 'x',
      issuer: `http://127.0.0.1:${await freePort()}`,
      clientId: 'us',
      privateKey: {},
      findUser: async () => undefined,
    });
    await expect(gone.start({ redirectUri: REDIRECT, state: 's' })).rejects.toMatchObject({ refusal: 'unreachable', why: 'ECONNREFUSED' });
  });
});
