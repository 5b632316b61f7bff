import { afterEach, describe, expect, it } from 'vitest';
import type { AuthorizationServerOptions } from '../../server/auth/authorization-server.ts';
import { createLimiter } from '../../server/auth/request-limits.ts';
import { clientAddress } from '../../server/http/client-address.ts';
import { browser } from './sign-in/browser.ts';
import { assertion, launch, openFileState, post, type SmartServer, startSmartServer } from './smart-server.ts';

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
});

async function start(more: Partial<AuthorizationServerOptions>): Promise<SmartServer> {
  const { state, close } = await openFileState();
  const smart = await startSmartServer(state, more);
  closing.push(close, smart.close);
  return smart;
}

const basic = (user: string, secret: string) => ({ Authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}` });

/** An attempt to guess the secret of a client. */
const guess = (smart: SmartServer, client = 'secret-app', secret = 'wrong', headers = {}) =>
  post(smart, '/introspect', { token: 'x' }, { ...basic(client, secret), ...headers });

describe('guessing the secret of a client', () => {
  it('is ended by 429 with Retry-After, also when the guess is then right [RFC 6819 5.1.4.2.3]', async () => {
    const smart = await start({ limits: { clientFailures: 3 } });
    for (let attempt = 0; attempt < 3; attempt += 1) expect((await guess(smart)).status).toBe(401);
    for (const secret of ['wrong', 'hemmelig-og-lang-nok']) {
      const { status, headers, body } = await guess(smart, 'secret-app', secret);
      expect([status, body.error]).toEqual([429, 'temporarily_unavailable']);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(200);
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  it('locks out whoever guesses, not the client elsewhere, nor other clients', async () => {
    const smart = await start({ limits: { clientFailures: 2 }, addressOf: (req) => String(req.headers['x-test-address']) });
    const there = { 'X-Test-Address': '192.0.2.1' };
    for (let attempt = 0; attempt < 3; attempt += 1) await guess(smart, 'secret-app', 'wrong', there);
    expect((await guess(smart, 'secret-app', 'hemmelig-og-lang-nok', there)).status).toBe(429);
    expect((await guess(smart, 'secret-app', 'hemmelig-og-lang-nok', { 'X-Test-Address': '192.0.2.2' })).status).toBe(200);
    const fields = { grant_type: 'client_credentials', scope: 'system/*.rs', ...(await assertion(smart, 'ec-system', smart.ecKey)) };
    expect((await post(smart, '/token', fields, there)).status).toBe(200);
  });

  it('counts forged assertions by the client they name', async () => {
    const smart = await start({ limits: { clientFailures: 2 } });
    const forged = async () => ({
      grant_type: 'client_credentials',
      scope: 'system/*.rs',
      ...(await assertion(smart, 'ec-system', smart.rsaKey)),
    });
    for (let attempt = 0; attempt < 2; attempt += 1) expect((await post(smart, '/token', await forged())).status).toBe(401);
    expect((await post(smart, '/token', await forged())).status).toBe(429);
  });

  it('is one by an assertion that names no client by a text', async () => {
    const smart = await start({});
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const client_assertion = `${part({ alg: 'ES384', kid: 'k' })}.${part({ sub: 5 })}.AAAA`;
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    const { status, body } = await post(smart, '/token', { grant_type: 'client_credentials', client_assertion, client_assertion_type });
    expect([status, body.error]).toEqual([401, 'invalid_client']);
  });

  it('is told in the log once, by client and without the secret', async () => {
    const smart = await start({ limits: { clientFailures: 1 } });
    for (let attempt = 0; attempt < 5; attempt += 1) await guess(smart, 'secret-app', 'gjettet-hemmelighet');
    const text = JSON.stringify(smart.events);
    expect(text.match(/throttled/g)).toHaveLength(1);
    expect(text).not.toContain('gjettet-hemmelighet');
  });

  it('is not what a user does whose refresh token has run out', async () => {
    const smart = await start({ limits: { clientFailures: 2 } });
    const stale = () => post(smart, '/token', { grant_type: 'refresh_token', refresh_token: 'gone', client_id: 'public-app' });
    for (let attempt = 0; attempt < 5; attempt += 1) expect((await stale()).body.error).toBe('invalid_grant');
    expect((await launch(smart)).status).toBe(200);
  });
});

describe('asking too often', () => {
  it('is answered with 429 by address, and what is published stays readable', async () => {
    const smart = await start({ limits: { requestsPerMinute: 5 } });
    const answers = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(() => post(smart, '/token', { grant_type: 'x' })));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(2);
    expect((await fetch(`${smart.issuer}/jwks`)).status).toBe(200);
    expect((await fetch(`${smart.issuer}/.well-known/openid-configuration`)).status).toBe(200);
  });

  it('is told to a web app in a way it can read', async () => {
    const smart = await start({ limits: { requestsPerMinute: 0 } });
    const own = await post(smart, '/token', {}, { Origin: 'https://app.example' });
    expect(own.headers.get('access-control-allow-origin')).toBe('https://app.example');
    const other = await post(smart, '/token', {}, { Origin: 'https://evil.example' });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each([
    ['/authorize?client_id=public-app', 'GET'],
    ['/sign-in/x', 'POST'],
  ])('is told on a page to whoever reads (%s)', async (path, method) => {
    const smart = await start({ limits: { requestsPerMinute: 0 } });
    const answer = await fetch(smart.issuer + path, { method, headers: { Accept: 'text/html', 'Accept-Language': 'en' } });
    expect([answer.status, answer.headers.get('Content-Language')]).toEqual([429, 'en']);
    expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(await answer.text()).toContain('<h1>The service cannot be used just now</h1>');
  });

  it('counts sign-ins that come to nothing', async () => {
    const users = { kind: 'choice', choices: async () => [], enter: async () => undefined } as const;
    const smart = await start({
      limits: { signInFailures: 2 },
      signIn: { place: 'x', users, patients: async () => [], patient: async () => undefined },
    });
    const user = browser();
    const request = { ...authorizeParams(smart) };
    const url = (await user.get(`${smart.issuer}/authorize?${new URLSearchParams(request)}`)).location!;
    const page = await user.get(url);
    const forged = { ...page, text: 'name="token" value="forged"' };
    for (let attempt = 0; attempt < 2; attempt += 1) expect((await user.post(url, forged, [['step', 'enter']])).status).toBe(403);
    const refused = await user.get(url);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).not.toBeNull();
  });

  function authorizeParams(smart: SmartServer): Record<string, string> {
    return {
      response_type: 'code',
      client_id: 'public-app',
      redirect_uri: 'https://app.example/app/index.html',
      scope: 'openid launch/patient',
      state: 's',
      aud: smart.fhirBaseUrl,
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    };
  }
});

describe('the counts', () => {
  it('begin anew when their time is over', () => {
    let now = 0;
    const limiter = createLimiter({ requestsPerMinute: 1, clientFailures: 1, signInFailures: 1 }, () => now);
    expect(limiter.admit('a')).toBeUndefined();
    expect(limiter.admit('a')).toEqual({ retryAfterSeconds: 60, isFirst: true });
    now = 59_500;
    expect(limiter.admit('a')).toEqual({ retryAfterSeconds: 1, isFirst: false });
    now = 60_000;
    expect(limiter.admit('a')).toBeUndefined();
    limiter.clientFailed('a', 'c');
    expect(limiter.admitClient('a', 'c')?.retryAfterSeconds).toBe(300);
    now += 300_000;
    expect(limiter.admitClient('a', 'c')).toBeUndefined();
  });

  it('take a bounded amount of memory, whatever is sent', () => {
    const limiter = createLimiter({ requestsPerMinute: 1, clientFailures: 1, signInFailures: 1 }, () => 0);
    limiter.clientFailed('first', 'c');
    for (let n = 0; n < 20_000; n += 1) limiter.admit(`address-${n}`);
    expect(limiter.admitClient('first', 'c')).toBeUndefined();
    expect(limiter.admit('address-19999')).toBeDefined();
  });
});

describe('the limits of the authorization server, one by one', () => {
  const route = (path: string, method = 'POST') => ({ path, method });
  const limited = [
    route('/token'),
    route('/introspect'),
    route('/revoke'),
    route('/par'),
    route('/authorize'),
    route('/authorize', 'GET'),
    route('/sign-in/x', 'GET'),
    route('/nowhere', 'GET'),
  ];

  it.each(limited)('$method $path is limited by address', async ({ path, method }) => {
    const smart = await start({ limits: { requestsPerMinute: 2 } });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 4; attempt += 1) {
      statuses.push(
        (await fetch(smart.issuer + path, { method, redirect: 'manual', ...(method === 'POST' ? { body: new URLSearchParams() } : {}) }))
          .status,
      );
    }
    expect(statuses.slice(2)).toEqual([429, 429]);
    expect(statuses.slice(0, 2)).not.toContain(429);
  });

  it.each([
    ['that nobody vouches for', [], [401, 401, 429]],
    ['of a trusted proxy, from different addresses', ['127.0.0.0/8'], [401, 401, 401]],
  ])('a forwarding header %s: what failed guesses are answered with', async (_why, trusted, expected) => {
    const smart = await start({ limits: { clientFailures: 2 }, addressOf: clientAddress(trusted) });
    const statuses: number[] = [];
    for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) {
      statuses.push((await guess(smart, 'secret-app', 'wrong', { 'X-Forwarded-For': `203.0.113.1, ${address}` })).status);
    }
    expect(statuses).toEqual(expected);
  });

  it('that a client writes before what the proxy writes does not help it', async () => {
    const smart = await start({ limits: { clientFailures: 2 }, addressOf: clientAddress(['127.0.0.0/8']) });
    const statuses: number[] = [];
    for (const claimed of ['203.0.113.1', '203.0.113.2', '203.0.113.3']) {
      statuses.push((await guess(smart, 'secret-app', 'wrong', { 'X-Forwarded-For': `${claimed}, 192.0.2.1` })).status);
    }
    expect(statuses).toEqual([401, 401, 429]);
  });
});

describe('addresses that are one sender', () => {
  const refusedAfterOne = (first: string, second: string) => {
    const limiter = createLimiter({ requestsPerMinute: 1, clientFailures: 1, signInFailures: 1 });
    limiter.admit(first);
    limiter.clientFailed(first, 'a');
    limiter.signInFailed(first);
    return [limiter.admit(second), limiter.admitClient(second, 'a'), limiter.admitSignIn(second)].map((refused) => refused !== undefined);
  };

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', true],
    ['2001:db8::1', '2001:db8:0:0:5::', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['2001::3:4:5:6:7', '2001:0:0:3::5', true],
    ['2001::3:4:5:6:7', '2001:0:0:4::5', false],
    ['::1', '::2', true],
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1', '192.0.2.2', false],
  ])('%s and %s: %s', (first, second, same) => {
    expect(refusedAfterOne(first, second)).toEqual([same, same, same]);
  });
});
