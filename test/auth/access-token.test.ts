import { createHmac } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../server/auth/access-token.ts';
import type { StateStore } from '../../server/store/state-store.ts';
import { launch, openFileState, type SmartServer, startSmartServer } from './smart-server.ts';

let smart: SmartServer;
let state: StateStore;
let closeState: () => Promise<void>;
let token: string;
let claims: Record<string, unknown>;

beforeAll(async () => {
  const opened = await openFileState();
  ({ state } = opened);
  closeState = opened.close;
  smart = await startSmartServer(state);
  token = String((await launch(smart)).body.access_token);
  claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
});
afterAll(async () => {
  await smart.close();
  await closeState();
});

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const refused = (authorization: string | undefined) =>
  expect(smart.authenticator.authenticate(authorization)).rejects.toMatchObject({
    status: 401,
    issues: [{ severity: 'error', code: 'login' }],
  });

/** A token signed by the issuer's own key, with other claims than it would give. */
async function signed(more: Record<string, unknown>, header: Record<string, unknown> = {}): Promise<string> {
  const key = (await state.get('auth/test/signing-key', 'current'))!.value;
  const all = Object.fromEntries(Object.entries({ ...claims, ...more }).filter(([, value]) => value !== undefined));
  return new SignJWT(all).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', ...header }).sign(await importJWK(key, 'RS256'));
}

describe('an access token at the FHIR API', () => {
  it('is accepted as it was issued', async () => {
    await expect(smart.authenticator.authenticate(`Bearer ${token}`)).resolves.toMatchObject({ subject: 'pr1', tokenId: claims.jti });
    await expect(smart.authenticator.authenticate(`bearer ${token}`)).resolves.toBeDefined();
  });

  it('is presumed when it was accepted a moment ago, and confirmed by the register', async () => {
    const fresh = String((await launch(smart)).body.access_token);
    expect(smart.authenticator.presume?.(`Bearer ${fresh}`)).toBeUndefined();
    await smart.authenticator.authenticate(`Bearer ${fresh}`);
    const presumed = smart.authenticator.presume?.(`Bearer ${fresh}`);
    expect(presumed?.principal).toMatchObject({ subject: 'pr1' });
    await presumed?.confirmed;
    expect(smart.authenticator.presume?.(`Bearer ${fresh}x`)).toBeUndefined();
    expect(smart.authenticator.presume?.(undefined)).toBeUndefined();
  });

  it('is asked for by a challenge when there is none [g10 unauthorized]', async () => {
    await expect(smart.authenticator.authenticate(undefined)).rejects.toMatchObject({
      status: 401,
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  });

  const headers = [
    '',
    'Bearer',
    'Bearer ',
    'Bearer rubbish',
    'Basic YTpi',
    'Bearer a.b',
    'Bearer a.b.c.d',
    'Token x',
    'Bearer  ',
    `Bearer x x`,
  ];
  it.each(headers)('is refused as %o', (header) => refused(header));

  it('is refused with a challenge that says invalid_token and not why', async () => {
    await expect(smart.authenticator.authenticate(`Bearer ${token}x`)).rejects.toMatchObject({
      headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
    });
  });

  it('is refused unsigned (alg none)', async () => {
    await refused(`Bearer ${part({ alg: 'none', typ: 'at+jwt' })}.${part(claims)}.`);
    await refused(`Bearer ${part({ alg: 'none', typ: 'at+jwt' })}.${part(claims)}.${token.split('.')[2]}`);
  });

  it('is refused when the public key was used as a shared secret (key confusion)', async () => {
    const input = `${part({ alg: 'HS256', typ: 'at+jwt', kid: smart.server.publicKey.kid })}.${part(claims)}`;
    const secret = JSON.stringify(smart.server.publicKey);
    await refused(`Bearer ${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`);
  });

  it('is refused when another key signed it', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    await refused(`Bearer ${await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt' }).sign(privateKey)}`);
  });

  it('is refused when it brings its own key', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const jwt = new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', jwk: await exportJWK(publicKey) });
    await refused(`Bearer ${await jwt.sign(privateKey)}`);
  });

  it('is refused when a claim was changed', async () => {
    const [head, , signature] = token.split('.');
    await refused(`Bearer ${head}.${part({ ...claims, patient: 'p2' })}.${signature}`);
  });

  const wrong: readonly (readonly [why: string, more: Record<string, unknown>, header: Record<string, unknown>])[] = [
    ['of another issuer', { iss: 'https://other.example' }, {}],
    ['for another audience [@96]', { aud: 'https://other.example/fhir' }, {}],
    ['for several audiences, ours among them', { aud: ['https://other.example/fhir', 'OURS'] }, {}],
    ['without an audience', { aud: undefined }, {}],
    ['that has expired [@77 @94]', { exp: 1_700_000_000 }, {}],
    ['without an expiry', { exp: undefined }, {}],
    ['without an id', { jti: undefined }, {}],
    ['with an id that was never issued', { jti: 'made-up' }, {}],
    ['without a client', { client_id: undefined }, {}],
    ['that is an id_token by its header', {}, { typ: 'JWT' }],
    ['not valid yet', { nbf: 4_000_000_000 }, {}],
  ];
  it.each(wrong)('is refused %s', async (_why, more, header) => {
    const aud = Array.isArray(more.aud) ? more.aud.map((one) => (one === 'OURS' ? smart.fhirBaseUrl : one)) : more.aud;
    await refused(`Bearer ${await signed('aud' in more ? { ...more, aud } : more, header)}`);
  });

  it('is refused from the moment it expires, also when it was seen before [@77]', async () => {
    let nowMs = Date.now();
    const authenticator = createAuthenticator({ server: smart.server, state, nowMs: () => nowMs });
    await expect(authenticator.authenticate(`Bearer ${token}`)).resolves.toBeDefined();
    nowMs = Number(claims.exp) * 1000;
    await expect(authenticator.authenticate(`Bearer ${token}`)).rejects.toMatchObject({ status: 401 });
  });

  it('of one issuer is no token of another', async () => {
    const opened = await openFileState();
    const other = await startSmartServer(opened.state, { name: 'other' });
    await expect(other.authenticator.authenticate(`Bearer ${token}`)).rejects.toMatchObject({ status: 401 });
    await other.close();
    await opened.close();
  });
});
