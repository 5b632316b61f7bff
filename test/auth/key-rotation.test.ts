import { createRemoteJWKSet, decodeProtectedHeader, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../server/auth/access-token.ts';
import { signingKeys } from '../../server/auth/signing-keys.ts';
import { FhirError } from '../../server/fhir/errors.ts';
import type { StateStore } from '../../server/store/state-store.ts';
import { launch, openFileState, post, type SmartServer, startSmartServer } from './smart-server.ts';

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
  await smart.close();
  await closeState();
});

const published = async () => ((await (await fetch(`${smart.issuer}/jwks`)).json()) as { keys: Record<string, unknown>[] }).keys;
const kidOf = (token: unknown) => decodeProtectedHeader(String(token)).kid;

describe('changing the signing key', () => {
  it('publishes the new key before it signs [OpenID Connect Core 10.1.1]', async () => {
    const old = smart.server.publicKey.kid;
    await smart.server.rotateSigningKey();
    expect((await published()).map(({ kid }) => kid)).toHaveLength(2);
    expect(kidOf((await launch(smart)).body.access_token)).toBe(old);
  });

  it('lets nobody keep the published keys for as long as a new one waits', async () => {
    const { headers } = await fetch(`${smart.issuer}/jwks`);
    expect(headers.get('Cache-Control')).toBe('public, max-age=60');
  });

  it('signs with the new key, and tokens of the old one stay good until they expire', async () => {
    const before = (await launch(smart)).body;
    await smart.server.rotateSigningKey(0);
    const after = (await launch(smart)).body;
    expect(kidOf(after.access_token)).not.toBe(kidOf(before.access_token));
    expect(kidOf(after.id_token)).toBe(kidOf(after.access_token));
    for (const { access_token, id_token } of [before, after]) {
      await expect(smart.authenticator.authenticate(`Bearer ${access_token}`)).resolves.toMatchObject({ patientId: 'p1' });
      expect((await post(smart, '/introspect', { token: String(access_token), client_id: 'public-app' })).body.active).toBe(true);
      await jwtVerify(String(id_token), createRemoteJWKSet(new URL(`${smart.issuer}/jwks`)), { issuer: smart.issuer });
    }
  });

  it('leaves refresh tokens as they are, and revocation', async () => {
    const before = (await launch(smart)).body;
    await smart.server.rotateSigningKey(0);
    const fields = { grant_type: 'refresh_token', refresh_token: String(before.refresh_token), client_id: 'public-app' };
    expect((await post(smart, '/token', fields)).status).toBe(200);
    await post(smart, '/revoke', { token: String(before.access_token), client_id: 'public-app' });
    await expect(smart.authenticator.authenticate(`Bearer ${before.access_token}`)).rejects.toMatchObject({ status: 401 });
  });

  it('publishes nothing private, and names each key', async () => {
    await smart.server.rotateSigningKey(0);
    const keys = await published();
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(2);
    for (const key of keys) expect(Object.keys(key).filter((name) => ['d', 'p', 'q', 'dp', 'dq', 'qi'].includes(name))).toEqual([]);
  });
});

describe('the keys of several processes', () => {
  const DAY = 24 * 60 * 60 * 1000;
  const clock = (startMs: number) => {
    let now = startMs;
    return { nowMs: () => now, pass: (ms: number) => (now += ms) };
  };

  it('are followed by one new key after ninety days, whoever looks first', async () => {
    const time = clock(Date.now());
    const processes = [1, 2, 3].map(() => signingKeys(state, 'aged', { keepSeconds: 3600, nowMs: time.nowMs }));
    const first = (await processes[0]!.current()).publicKey.kid;
    time.pass(89 * DAY);
    expect((await processes[1]!.current()).keys).toHaveLength(1);
    time.pass(2 * DAY);
    const seen = await Promise.all(processes.map((each) => each.current()));
    expect(seen.map(({ publicKey }) => publicKey.kid)).toEqual([first, first, first]);
    time.pass(10 * 60 * 1000);
    const later = await Promise.all(processes.map((each) => each.current()));
    expect(new Set(later.map(({ publicKey }) => publicKey.kid)).size).toBe(1);
    expect(later[0]!.publicKey.kid).not.toBe(first);
    expect(later[0]!.keys.map(({ kid }) => kid)).toContain(first);
  });

  it('are learnt of within ten seconds', async () => {
    const time = clock(Date.now());
    const [one, two] = [1, 2].map(() => signingKeys(state, 'two', { keepSeconds: 3600, nowMs: time.nowMs }));
    const before = await two!.current();
    await one!.rotate(0, 3600);
    expect(await two!.current()).toBe(before);
    time.pass(10_000);
    expect((await two!.current()).publicKey.kid).toBe((await one!.current()).publicKey.kid);
  });

  it('are looked for as soon as a token names one that is not known yet, once a second', async () => {
    let looks = 0;
    const counted: StateStore = {
      ...state,
      list: (kind, ...rest) => {
        if (kind === 'auth/test/signing-key') looks += 1;
        return state.list(kind, ...rest);
      },
    };
    let now = Date.now();
    const elsewhere = signingKeys(counted, 'test', { keepSeconds: 3600, nowMs: () => now });
    const authenticator = createAuthenticator({ server: { ...smart.server, verificationKey: elsewhere.verification }, state });
    await elsewhere.current();
    await smart.server.rotateSigningKey(0);
    const { access_token } = (await launch(smart)).body;
    looks = 0;
    await expect(authenticator.authenticate(`Bearer ${access_token}`)).resolves.toMatchObject({ patientId: 'p1' });
    const invented = new SignJWT({}).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'invented' });
    const forged = await invented.sign((await generateKeyPair('RS256')).privateKey);
    const tried = Array.from({ length: 30 }, () => authenticator.authenticate(`Bearer ${forged}`).catch(({ status }) => status));
    expect(new Set(await Promise.all(tried))).toEqual(new Set([401]));
    expect(looks).toBeLessThanOrEqual(2);
    now += 1001;
    const before = looks;
    await authenticator.authenticate(`Bearer ${forged}`).catch(() => undefined);
    expect(looks).toBeGreaterThan(before);
  });

  it('that cannot be looked up are no reason to call a token bad', async () => {
    const { access_token } = (await launch(smart)).body;
    const away = new FhirError(503, [{ severity: 'error', code: 'transient', diagnostics: 'away' }]);
    const verificationKey = () => Promise.reject(away);
    const authenticator = createAuthenticator({ server: { ...smart.server, verificationKey }, state });
    await expect(authenticator.authenticate(`Bearer ${access_token}`)).rejects.toBe(away);
  });

  it('are gone when the last token they signed has expired', async () => {
    const keys = signingKeys(state, 'short', { keepSeconds: 60 });
    await keys.current();
    await keys.rotate(0, -1);
    expect((await keys.current()).keys).toHaveLength(1);
  });
});

describe('taking a key out of use', () => {
  const hour = 3600;

  it('ends what it signed, and another signs at once', async () => {
    let now = Date.now();
    const keys = signingKeys(state, 'test', { keepSeconds: hour, nowMs: () => now });
    const authenticator = createAuthenticator({
      server: { ...smart.server, verificationKey: async (header, token) => (await keys.current()).verification(header, token) },
      state,
      nowMs: () => now,
    });
    const before = (await launch(smart)).body;
    await expect(authenticator.authenticate(`Bearer ${before.access_token}`)).resolves.toMatchObject({ patientId: 'p1' });
    const elsewhere = signingKeys(state, 'test', { keepSeconds: hour, nowMs: () => now });
    expect(await elsewhere.retire(String(kidOf(before.access_token)))).toBe(true);
    now += 21_000;
    await expect(authenticator.authenticate(`Bearer ${before.access_token}`)).rejects.toMatchObject({ status: 401 });
    expect(await keys.list()).toEqual([
      { kid: (await keys.current()).publicKey.kid, state: 'signs', signsFromMs: now - 21_000, expiresAtMs: undefined },
    ]);
  });

  it('lets the key sign that was to follow it', async () => {
    const keys = signingKeys(state, 'two', { keepSeconds: hour });
    const first = (await keys.current()).publicKey.kid;
    await keys.rotate(300, hour);
    const [signs, next] = await keys.list();
    expect([signs, next].map((key) => [key?.state, key?.kid === first])).toEqual([
      ['signs', true],
      ['next', false],
    ]);
    await keys.retire(first);
    expect((await keys.list()).map(({ kid, state: is }) => [kid, is])).toEqual([[next!.kid, 'signs']]);
  });

  it('leaves the one that signs when it is an older one', async () => {
    const keys = signingKeys(state, 'old', { keepSeconds: hour });
    const first = (await keys.current()).publicKey.kid;
    await keys.rotate(0, hour);
    const second = (await keys.current()).publicKey.kid;
    expect((await keys.list()).map(({ kid, state: is }) => [kid, is])).toEqual([
      [second, 'signs'],
      [first, 'kept'],
    ]);
    await keys.retire(first);
    expect((await keys.current()).keys.map(({ kid }) => kid)).toEqual([second]);
  });

  it('holds against another process that rotates the keys at the same moment', async () => {
    const first = (await signingKeys(state, 'race', { keepSeconds: hour }).current()).publicKey.kid;
    const retiring = signingKeys(state, 'race', { keepSeconds: hour });
    let isRetired = false;
    // Retires between the moment at which the other reads the keys and that at which it writes them.
    const slow: StateStore = {
      ...state,
      put: async (kind, id, value, options) => {
        if (!isRetired) {
          isRetired = true;
          expect(await retiring.retire(first)).toBe(true);
        }
        return state.put(kind, id, value, options);
      },
    };
    await signingKeys(slow, 'race', { keepSeconds: hour }).rotate(0, hour);
    expect(isRetired).toBe(true);
    const left = await signingKeys(state, 'race', { keepSeconds: hour }).current();
    expect(left.keys.map(({ kid }) => kid)).not.toContain(first);
    expect(left.keys).toHaveLength(1);
  });

  it('says when there is no such key', async () => {
    expect(await signingKeys(state, 'none', { keepSeconds: hour }).retire('x')).toBe(false);
  });
});
