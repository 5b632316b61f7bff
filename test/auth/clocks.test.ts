/** Clocks: the very second of an end, times that are none, and a clock that is set back by ten minutes. */
import { randomBytes } from 'node:crypto';
import { importJWK, type JWTPayload, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAuthenticator } from '../../server/auth/access-token.ts';
import { clientKeySets } from '../../server/auth/client-key-sets.ts';
import { createLimiter, STANDARD_LIMITS } from '../../server/auth/request-limits.ts';
import { signingKeys } from '../../server/auth/signing-keys.ts';
import { isWithin } from '../../server/auth/time-window.ts';
import { clientAssertion } from '../../server/conformance/smart/client-authentication.ts';
import type { StateStore } from '../../server/store/state-store.ts';
import { dpopKey } from './dpop-key.ts';
import { assertion, launch, openFileState, post, type SmartServer, startSmartServer } from './smart-server.ts';

const TEN_MINUTES = 10 * 60 * 1000;

let smart: SmartServer;
let state: StateStore;
let closeState: () => Promise<void>;
beforeEach(async () => {
  const opened = await openFileState();
  ({ state } = opened);
  closeState = opened.close;
  smart = await startSmartServer(state);
});
afterEach(async () => {
  vi.useRealTimers();
  await smart.close();
  await closeState();
});

const claimsOf = (token: unknown) => JSON.parse(Buffer.from(String(token).split('.')[1]!, 'base64url').toString()) as JWTPayload;
const systemToken = async (spoil: Parameters<typeof assertion>[3] = {}) =>
  post(smart, '/token', {
    grant_type: 'client_credentials',
    scope: 'system/*.rs',
    ...(await assertion(smart, 'ec-system', smart.ecKey, spoil)),
  });
/** Goes on by so many ms from now: only the date, so that connections and timers run as ever. */
function passTime(ms: number): void {
  const nowMs = Date.now() + ms;
  vi.useFakeTimers({ toFake: ['Date'], now: nowMs });
}

describe('an access token', () => {
  it('is good to the last millisecond before its exp, and not in that second [RFC 7519 4.1.4]', async () => {
    const { access_token } = (await launch(smart)).body;
    const endsMs = Number(claimsOf(access_token).exp) * 1000;
    let nowMs = endsMs - 1;
    const { authenticate } = createAuthenticator({ server: smart.server, state, nowMs: () => nowMs });
    await expect(authenticate(`Bearer ${access_token}`)).resolves.toBeDefined();
    const fresh = createAuthenticator({ server: smart.server, state, nowMs: () => endsMs });
    nowMs = endsMs;
    for (const each of [authenticate, fresh.authenticate]) {
      await expect(each(`Bearer ${access_token}`)).rejects.toMatchObject({ status: 401, issues: [{ code: 'login' }] });
    }
  });

  it.each([
    ['an nbf to come', { nbf: Math.floor(Date.now() / 1000) + 60 }],
    ['an exp as text', { exp: '99999999999' }],
    ['an exp that is infinite', { exp: null }],
    ['an exp of before 1970', { exp: -1 }],
  ])('with %s is refused, be it signed by our own key', async (_why, spoil) => {
    const { access_token } = (await launch(smart)).body;
    const key = (await state.get('auth/test/signing-key', 'current'))!.value;
    const payload = { ...claimsOf(access_token), ...spoil } as JWTPayload;
    const token = await new SignJWT(payload).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt' }).sign(await importJWK(key, 'RS256'));
    await expect(smart.authenticator.authenticate(`Bearer ${token}`)).rejects.toMatchObject({ status: 401, issues: [{ code: 'login' }] });
  });
});

describe('a client assertion', () => {
  const now = () => Math.floor(Date.now() / 1000);
  it.each([
    ['an exp some seconds ago', () => ({ exp: now() - 3 }), 200],
    ['an exp more than ten seconds ago', () => ({ exp: now() - 12 }), 401],
    ['an exp five minutes ahead', () => ({ exp: now() + 300 }), 200],
    ['an exp much further ahead', () => ({ exp: now() + 400 }), 401],
    ['an exp beyond 32 bits', () => ({ exp: 2 ** 32 }), 401],
    ['an exp beyond any date', () => ({ exp: Number.MAX_VALUE }), 401],
    ['an exp as text', () => ({ exp: String(now() + 60) }), 401],
    ['an exp with a fraction', () => ({ exp: now() + 60.5 }), 200],
    ['an nbf some seconds ahead', () => ({ nbf: now() + 7 }), 200],
    ['an nbf a minute ahead', () => ({ nbf: now() + 60 }), 401],
    ['an iat some seconds ahead', () => ({ iat: now() + 7 }), 200],
  ])('with %s is judged with ten seconds to spare', async (_why, claims, status) => {
    expect((await systemToken({ claims: claims() })).status).toBe(status);
  });
});

describe('a clock that is set back', () => {
  it('knows no window that begins in the future', () => {
    expect([isWithin(1000, 1000, 500), isWithin(1499, 1000, 500), isWithin(1500, 1000, 500), isWithin(999, 1000, 500)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('makes no client assertion good again, though its mark has been swept at', async () => {
    const shown = await assertion(smart, 'ec-system', smart.ecKey, { seconds: 60 });
    const fields = { grant_type: 'client_credentials', scope: 'system/*.rs', ...shown };
    expect((await post(smart, '/token', fields)).status).toBe(200);
    passTime(9 * 60 * 1000);
    await state.sweep();
    passTime(-9 * 60 * 1000);
    expect((await post(smart, '/token', fields)).body.error).toBe('invalid_client');
  });

  it('makes no proof of possession good again', async () => {
    const key = await dpopKey();
    const tokenUrl = `${smart.issuer}/token`;
    const proof = await key.proof('POST', tokenUrl);
    const ask = async () => {
      const fields = { grant_type: 'client_credentials', scope: 'system/*.rs', ...(await assertion(smart, 'ec-system', smart.ecKey)) };
      return post(smart, '/token', fields, { DPoP: proof });
    };
    const { body } = await ask();
    const url = `${smart.fhirBaseUrl}/Patient/p1`;
    const request = { method: 'GET', url, proof: await key.proof('GET', url, String(body.access_token)) };
    await smart.authenticator.authenticate(`DPoP ${body.access_token}`, request);
    passTime(9 * 60 * 1000);
    await state.sweep();
    passTime(-9 * 60 * 1000);
    expect((await ask()).status).toBe(400);
    await expect(smart.authenticator.authenticate(`DPoP ${body.access_token}`, request)).rejects.toMatchObject({ status: 401 });
  });

  it('makes a proof that was made ahead of time good only once', async () => {
    const key = await dpopKey();
    const ahead = { claims: { iat: Math.floor(Date.now() / 1000) + 50, jti: randomBytes(8).toString('hex') } };
    const proof = await key.proof('POST', `${smart.issuer}/token`, undefined, ahead);
    const ask = async () => {
      const fields = { grant_type: 'client_credentials', scope: 'system/*.rs', ...(await assertion(smart, 'ec-system', smart.ecKey)) };
      return post(smart, '/token', fields, { DPoP: proof });
    };
    expect((await ask()).status).toBe(200);
    passTime(80_000);
    expect((await ask()).status).toBe(400);
  });

  it('lengthens no lockout', () => {
    let nowMs = 10 * TEN_MINUTES;
    const limiter = createLimiter({ ...STANDARD_LIMITS, clientFailures: 1 }, () => nowMs);
    limiter.clientFailed('192.0.2.1', 'app');
    expect(limiter.admitClient('192.0.2.1', 'app')?.retryAfterSeconds).toBe(300);
    nowMs -= TEN_MINUTES;
    expect(limiter.admitClient('192.0.2.1', 'app')).toBeUndefined();
  });

  it('keeps no key of a client for longer, and looks for an unknown one at once', async () => {
    let nowMs = 10 * TEN_MINUTES;
    let fetched = 0;
    const { ecKey } = smart;
    const { d: _private, ...key } = ecKey;
    const jwksUri = 'https://system.example/jwks';
    const client = {
      clientId: 'url-system',
      name: 'By URL',
      authentication: { method: 'private_key_jwt', jwksUri },
      grants: ['client_credentials'],
      scopes: ['system/*.rs'],
    } as const;
    const keySets = clientKeySets({
      clients: new Map([[client.clientId, client]]),
      fetch: async () => Response.json({ keys: [key] }, { headers: { 'Cache-Control': `max-age=${++fetched * 600}` } }),
      report: () => undefined,
      nowMs: () => nowMs,
    });
    const ask = async (kid: string) => {
      const made = { clientId: client.clientId, privateKey: ecKey, audience: 'https://a.example/token' };
      await keySets.refreshFor(await clientAssertion(made, { header: { kid } }));
      return fetched;
    };
    expect(await ask(key.kid!)).toBe(1);
    nowMs -= TEN_MINUTES;
    expect(await ask('another')).toBe(2);
    nowMs -= TEN_MINUTES;
    expect(await ask(key.kid!)).toBe(3);
  });

  it('hides no signing key that another process has made or retired', async () => {
    let nowMs = Date.now();
    const [one, two] = [1, 2].map(() => signingKeys(state, 'set-back', { keepSeconds: 3600, nowMs: () => nowMs }));
    const first = (await two!.current()).publicKey.kid;
    nowMs -= TEN_MINUTES;
    await one!.rotate(0, 3600);
    expect(await one!.retire(first)).toBe(true);
    expect((await two!.current()).keys.map(({ kid }) => kid)).toEqual([(await one!.current()).publicKey.kid]);
  });
});
