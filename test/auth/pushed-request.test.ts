import { describe, expect, it } from 'vitest';
import { dpopKey } from './dpop-key.ts';
import { oneSmartServer } from './one-smart-server.ts';
import { browser } from './sign-in/browser.ts';
import { APP_REDIRECT, assertion, challengeOf, mint, post, redeem, SCOPE, type SmartServer, VERIFIER } from './smart-server.ts';

let smart: SmartServer;
oneSmartServer(
  (started) => {
    smart = started;
  },
  {
    signIn: {
      place: 'Fjordheim',
      users: {
        kind: 'choice',
        choices: async () => [],
        enter: async () => ({ accountId: 'pr1', name: 'Kari' }),
      },
      patients: async () => [],
      patient: async (_user, id) => ({ id, name: 'Ingrid', about: '' }),
    },
  },
);

const request = (more: Record<string, string | undefined> = {}) => ({
  response_type: 'code',
  redirect_uri: APP_REDIRECT,
  scope: SCOPE,
  state: 'st-1',
  aud: smart.fhirBaseUrl,
  code_challenge: challengeOf(VERIFIER),
  code_challenge_method: 'S256',
  client_id: 'public-app',
  ...more,
});

async function follow(requestUri: unknown, clientId = 'public-app'): Promise<URLSearchParams> {
  const query = new URLSearchParams({ client_id: clientId, request_uri: String(requestUri) });
  const answer = await fetch(`${smart.issuer}/authorize?${query}`, { redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? 'http://none').searchParams;
}

describe('a pushed authorization request [RFC 9126]', () => {
  it('is answered with a URI good for a minute, and that with a code [RFC 9126 2.2]', async () => {
    const pushed = await post(smart, '/par', request({ launch: await mint(smart) }));
    expect(pushed.status).toBe(201);
    expect(pushed.body).toMatchObject({ expires_in: 60, request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:/) });
    const sent = await follow(pushed.body.request_uri);
    expect(sent.get('state')).toBe('st-1');
    const { body } = await redeem(smart, sent.get('code')!);
    expect(body).toMatchObject({ patient: 'p1', scope: SCOPE });
    expect(body).toHaveProperty('refresh_token');
    const { aud } = JSON.parse(Buffer.from(String(body.access_token).split('.')[1]!, 'base64url').toString());
    expect(aud).toBe(smart.fhirBaseUrl);
  });

  it('is published in both documents', async () => {
    const endpoint = `${smart.issuer}/par`;
    expect(smart.server.smartConfiguration.pushed_authorization_request_endpoint).toBe(endpoint);
    const discovery = (await (await fetch(`${smart.issuer}/.well-known/openid-configuration`)).json()) as Record<string, unknown>;
    expect(discovery.pushed_authorization_request_endpoint).toBe(endpoint);
    expect(discovery.dpop_signing_alg_values_supported).toEqual(smart.server.smartConfiguration.dpop_signing_alg_values_supported);
  });

  it('authenticates the client: a confidential one by its assertion [RFC 9126 2]', async () => {
    const launch = await mint(smart, { clientId: 'key-app' });
    const fields = request({ launch, client_id: 'key-app' });
    expect((await post(smart, '/par', fields)).body.error).toBe('invalid_client');
    const pushed = await post(smart, '/par', { ...fields, ...(await assertion(smart, 'key-app', smart.ecKey)) });
    expect(pushed.body).toMatchObject({ expires_in: 60 });
    expect((await follow(pushed.body.request_uri, 'key-app')).get('code')).not.toBeNull();
  });

  it.each([
    ['another audience', { aud: 'https://other.example' }, 'invalid_request'],
    ['no audience', { aud: undefined }, 'invalid_request'],
    ['the issuer for an audience, as the library itself writes it', { aud: 'ISSUER' }, 'invalid_request'],
    ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['an invented launch', { launch: 'made-up' }, 'invalid_request'],
    ['scopes that nobody may have', { scope: 'system/*.rs' }, 'invalid_scope'],
    ['a redirect URI of somebody else', { redirect_uri: 'https://evil.example/' }, 'invalid_request'],
    ['another request URI in it', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 'request_uri_not_supported'],
  ])('with %s is refused where it is pushed [RFC 9126 2.3]', async (_why, more: Record<string, string | undefined>, error) => {
    const fields = more.aud === 'ISSUER' ? { aud: smart.issuer } : more;
    const { status, body } = await post(smart, '/par', request({ launch: await mint(smart), ...fields }));
    expect([status, body.error]).toEqual([400, error]);
  });

  it('is good once [RFC 9126 7.3]', async () => {
    const pushed = await post(smart, '/par', request({ launch: await mint(smart) }));
    expect((await follow(pushed.body.request_uri)).get('code')).not.toBeNull();
    expect((await follow(pushed.body.request_uri)).get('code')).toBeNull();
  });

  it('belongs to the client that pushed it', async () => {
    const pushed = await post(smart, '/par', request({ launch: await mint(smart) }));
    expect((await follow(pushed.body.request_uri, 'other-app')).get('code')).toBeNull();
  });

  it('cannot be changed on the way: what stands beside it in the URL is not read', async () => {
    const pushed = await post(smart, '/par', request({ launch: await mint(smart), scope: 'launch patient/Patient.rs' }));
    const query = new URLSearchParams({ client_id: 'public-app', request_uri: String(pushed.body.request_uri), scope: SCOPE });
    const answer = await fetch(`${smart.issuer}/authorize?${query}`, { redirect: 'manual' });
    const code = new URL(answer.headers.get('location')!).searchParams.get('code')!;
    expect((await redeem(smart, code)).body.scope).toBe('launch patient/Patient.rs');
  });

  it('binds the code to the key that was shown with it [RFC 9449 10.1]', async () => {
    const [key, other] = [await dpopKey(), await dpopKey()];
    const push = async () =>
      post(smart, '/par', request({ launch: await mint(smart) }), { DPoP: await key.proof('POST', `${smart.issuer}/par`) });
    const first = await follow((await push()).body.request_uri);
    const refused = await redeem(smart, first.get('code')!, {}, { DPoP: await other.proof('POST', `${smart.issuer}/token`) });
    expect(refused.body.error).toBe('invalid_grant');
    const second = await follow((await push()).body.request_uri);
    const given = await redeem(smart, second.get('code')!, {}, { DPoP: await key.proof('POST', `${smart.issuer}/token`) });
    expect(given.body.token_type).toBe('DPoP');
  });

  it('waits for a sign-in like any other, and is then used up', async () => {
    const pushed = await post(smart, '/par', request({ scope: 'openid launch/patient offline_access patient/*.rs' }));
    const user = browser();
    const query = new URLSearchParams({ client_id: 'public-app', request_uri: String(pushed.body.request_uri) });
    const url = (await user.get(`${smart.issuer}/authorize?${query}`)).location!;
    const page = await user.get(url);
    await user.post(url, page, [['step', 'enter']]);
    await user.post(url, page, [
      ['step', 'patient'],
      ['id', 'p2'],
    ]);
    const answer = await user.post(url, await user.get(url), [
      ['step', 'allow'],
      ['scope', 'offline_access'],
      ['scope', 'patient/*.rs'],
    ]);
    const { body } = await redeem(smart, new URL(answer.location!).searchParams.get('code')!);
    expect(body).toMatchObject({ patient: 'p2', scope: 'openid launch/patient offline_access patient/*.rs' });
    const again = await user.get(`${smart.issuer}/authorize?${query}`);
    expect(again.status).toBe(400);
    expect(again.text).toContain('invalid_request_uri');
  });
});
