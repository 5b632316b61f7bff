import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ClientKeySets, clientKeySets } from '../../server/auth/client-key-sets.ts';
import type { ClientRegistration } from '../../server/auth/clients.ts';
import { clientAssertion } from '../../server/conformance/smart/client-authentication.ts';

const URL = 'https://system.example/jwks';
const client: ClientRegistration = {
  clientId: 'url-system',
  name: 'By URL',
  authentication: { method: 'private_key_jwt', jwksUri: URL },
  grants: ['client_credentials'],
  scopes: ['system/*.rs'],
};

const privateKeys = await Promise.all(['one', 'two'].map((kid) => keyPair(kid)));
const [one, two] = privateKeys.map(({ d: _d, ...key }) => key) as [JWK, JWK];

async function keyPair(kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES384', { extractable: true });
  return { ...(await exportJWK(privateKey)), alg: 'ES384', kid };
}

/** A signed assertion of the client with this key name. */
function assertion(kid: string, clientId = client.clientId): Promise<string> {
  const privateKey = privateKeys[0]!;
  return clientAssertion({ clientId, privateKey, audience: 'https://a.example/token' }, { header: { kid } });
}

let nowMs: number;
let published: () => Response | Promise<Response>;
let fetched: number;
let reports: string[];
let keySets: ClientKeySets;
beforeEach(() => {
  [nowMs, fetched, reports] = [1_000_000, 0, []];
  published = set([one], 'max-age=30');
  keySets = clientKeySets({
    clients: new Map([[client.clientId, client]]),
    fetch: async (url, init) => {
      fetched += 1;
      expect([url, new Headers(init?.headers).get('Accept')]).toEqual([URL, 'application/json']);
      return published();
    },
    report: ({ what, reason }) => reports.push(`${what}: ${reason}`),
    nowMs: () => nowMs,
  });
});

const set =
  (keys: readonly unknown[], cacheControl?: string, more: Record<string, string> = {}) =>
  () =>
    Response.json({ keys }, { headers: { ...(cacheControl === undefined ? {} : { 'Cache-Control': cacheControl }), ...more } });
const names = () => keySets.keysAt(URL).map(({ kid }) => kid);

async function asked(kid: string, afterSeconds = 0): Promise<readonly (string | undefined)[]> {
  nowMs += afterSeconds * 1000;
  await keySets.refreshFor(await assertion(kid));
  return names();
}

describe('the keys of a client that publishes them', () => {
  it('are fetched when an assertion is shown, and kept meanwhile', async () => {
    expect(names()).toEqual([]);
    expect(await asked('one')).toEqual(['one']);
    expect(await asked('one', 29)).toEqual(['one']);
    expect(fetched).toBe(1);
  });

  it('are fetched once for assertions at the same time', async () => {
    const shown = await assertion('one');
    await Promise.all([keySets.refreshFor(shown), keySets.refreshFor(shown), keySets.refreshFor(shown)]);
    expect(fetched).toBe(1);
  });

  it.each<[what: string, cacheControl: string | undefined, more: Record<string, string>, seconds: number]>([
    ['as long as is said', 'public, max-age=30', {}, 30],
    ['less what the answer is old already', 'max-age=30', { Age: '20' }, 10],
    ['ten minutes at most', 'max-age=31536000', {}, 600],
    ['a minute where nothing is said', undefined, {}, 60],
    ['a minute where no time is said', 'public', {}, 60],
  ])('are kept %s', async (_what, cacheControl, more, seconds) => {
    published = set([one], cacheControl, more);
    await asked('one');
    await asked('one', seconds - 1);
    expect(fetched).toBe(1);
    await asked('one', 1);
    expect(fetched).toBe(2);
  });

  it.each(['no-store', 'no-cache', 'max-age=0', 'private, no-store, max-age=600'])(
    'are fetched every time with %s',
    async (cacheControl) => {
      published = set([one], cacheControl);
      await asked('one');
      await asked('one');
      expect([fetched, names()]).toEqual([2, ['one']]);
    },
  );

  it('are no longer those that were withdrawn, when they have been kept for as long as was said [@341]', async () => {
    await asked('one');
    published = set([two]);
    expect(await asked('one', 30)).toEqual(['two']);
  });

  it('are looked for anew when an assertion names another key, once a second', async () => {
    await asked('one');
    published = set([one, two], 'max-age=30');
    expect(await asked('two', 0.5)).toEqual(['one']);
    expect(await asked('two', 0.5)).toEqual(['one', 'two']);
    for (const invented of ['a', 'b', 'c']) await asked(invented, 0.1);
    expect(fetched).toBe(2);
  });

  it('stay while they are good when the URL does not answer, and are gone after that', async () => {
    await asked('one');
    published = () => Promise.reject(new Error('nobody is there'));
    expect(await asked('two', 2)).toEqual(['one']);
    expect(await asked('one', 30)).toEqual([]);
    expect(await asked('one', 0.5)).toEqual([]);
    expect([fetched, reports]).toEqual([3, ['key set: nobody is there', 'key set: nobody is there']]);
    published = set([one]);
    expect(await asked('one', 1)).toEqual(['one']);
  });

  it('are those that can be used: two keys of one name are none, and a private key is none', async () => {
    published = set([one, { ...two, kid: 'one' }, two, privateKeys[0], { kty: 'oct', kid: 'x', k: 'AA' }, 'no key']);
    expect(await asked('one')).toEqual(['two']);
  });

  it('are known by their kind where they do not say their algorithm', async () => {
    const { alg: _alg, ...key } = one;
    published = set([key]);
    expect(await asked('one')).toEqual(['one']);
  });

  it.each([
    ['no JSON', () => new Response('<html>'), 'key set: the key set is no JSON Web Key Set'],
    ['no key set', () => Response.json([]), 'key set: the key set is no JSON Web Key Set'],
    ['an error', () => new Response('', { status: 503 }), 'key set: the key set was answered with 503'],
  ])('are none, and that is reported, when the answer is %s', async (_what, answer, report) => {
    published = answer;
    expect(await asked('one')).toEqual([]);
    expect(reports).toEqual([report]);
  });

  it('are not fetched for anybody else, nor for what is no assertion', async () => {
    await keySets.refreshFor(await assertion('one', 'somebody-else'));
    await keySets.refreshFor('no assertion');
    await keySets.refreshFor(null);
    expect(fetched).toBe(0);
  });
});
