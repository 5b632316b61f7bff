/**
 * Attacks at the authorization request and at codes.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc9700 · https://www.rfc-editor.org/rfc/rfc6819
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Attack, areRefusedAndLogged, attack } from './attack.ts';
import { authorize, challengeOf, codeFor, mint, post, read, redeem, refresh, tokens, VERIFIER } from './oauth.ts';
import { APP_REDIRECT, openStronghold, SECRET, STORES, type Stronghold } from './stronghold.ts';

/** Where a code must never be sent; the registered one is https://app.example/callback. */
const REDIRECTS: readonly (readonly [how: string, uri: string])[] = [
  ['another host', 'https://evil.example/callback'],
  ['a host that begins like it', 'https://app.example.evil.example/callback'],
  ['a host that ends like it', 'https://evil-app.example/callback'],
  ['a user name that looks like it', 'https://app.example@evil.example/callback'],
  ['a password and a port that look like it', 'https://app.example:443@evil.example/callback'],
  ['a backslash for a slash', 'https://evil.example\\@app.example/callback'],
  ['a path that begins like it', `${APP_REDIRECT}.evil`],
  ['a path that goes on', `${APP_REDIRECT}/evil`],
  ['a path that climbs', `${APP_REDIRECT}/../evil`],
  ['a path that climbs, escaped', `${APP_REDIRECT}/%2e%2e/evil`],
  ['a query more', `${APP_REDIRECT}?next=https://evil.example`],
  ['a fragment', `${APP_REDIRECT}#evil`],
  ['another case of the path', 'https://app.example/Callback'],
  ['another case of the host', 'https://APP.example/callback'],
  ['the port written out', 'https://app.example:443/callback'],
  ['another port', 'https://app.example:8443/callback'],
  ['http', 'http://app.example/callback'],
  ['no scheme', '//app.example/callback'],
  ['a script', 'javascript:alert(1)//https://app.example/callback'],
  ['data', 'data:text/html,<script>alert(1)</script>'],
  ['a file', 'file:///app.example/callback'],
  ['a space before', ` ${APP_REDIRECT}`],
  ['a line break after', `${APP_REDIRECT}\r\nX: y`],
  ['a NUL after', `${APP_REDIRECT}\0`],
  ['letters that look alike', 'https://аpp.example/callback'],
];

const OPEN_REDIRECTS: readonly Attack[] = [
  ...REDIRECTS.map(([how, uri], at) =>
    // Two apps in turn: of one refusal the log tells the first twenty of a minute one by one.
    attack(`open redirect by ${how}`, '400 invalid_redirect_uri', `8 app-${'ab'[at % 2]} authorize invalid_redirect_uri`, (place) =>
      authorize(place, { client_id: `app-${'ab'[at % 2]}`, redirect_uri: uri }),
    ),
  ),
  attack('open redirect by localhost for 127.0.0.1', '400 invalid_redirect_uri', '8 local-app authorize invalid_redirect_uri', (place) =>
    authorize(place, { client_id: 'local-app', redirect_uri: 'http://localhost:9/callback' }),
  ),
  attack('open redirect by another port of 127.0.0.1', '400 invalid_redirect_uri', '8 local-app authorize invalid_redirect_uri', (place) =>
    authorize(place, { client_id: 'local-app', redirect_uri: 'http://127.0.0.1:10/callback' }),
  ),
  attack('open redirect by no redirect URI at all', '400 invalid_request', '8 app-a authorize invalid_request', (place) =>
    authorize(place, { redirect_uri: undefined }),
  ),
  attack('open redirect by two redirect URIs', '400 invalid_request', '8 app-a authorize invalid_request', (place) =>
    authorize(place, {}, 'GET', `&redirect_uri=${encodeURIComponent('https://evil.example/')}`),
  ),
  attack('a redirect URI of an app that does not exist', '400 invalid_client', '8 Ukjent authorize invalid_client', (place) =>
    authorize(place, { client_id: 'no-such-app', redirect_uri: 'https://evil.example/', launch: 'x' }),
  ),
];

const AUTHORIZE: readonly Attack[] = [
  attack('PKCE left out', '303 invalid_request', '8 app-a authorize invalid_request', (place) =>
    authorize(place, { code_challenge: undefined, code_challenge_method: undefined }),
  ),
  attack('PKCE downgraded to plain', '303 invalid_request', '8 app-a authorize invalid_request', (place) =>
    authorize(place, { code_challenge: VERIFIER, code_challenge_method: 'plain' }),
  ),
  attack('PKCE downgraded by naming no method', '303 invalid_request', '8 app-a authorize invalid_request', (place) =>
    authorize(place, { code_challenge_method: undefined }),
  ),
  attack('a token in the front channel', '303 unsupported_response_type', '8 app-a authorize unsupported_response_type', (place) =>
    authorize(place, { response_type: 'token' }),
  ),
  attack(
    'a code and an id_token in the front channel',
    '303 unsupported_response_type',
    '8 app-a authorize unsupported_response_type',
    (place) => authorize(place, { response_type: 'code id_token', nonce: 'n' }),
  ),
  attack('a request object that nobody signed', '303 request_not_supported', '8 app-a authorize request_not_supported', (place) =>
    authorize(place, { request: 'eyJhbGciOiJub25lIn0.e30.' }),
  ),
  attack('a request object fetched from within', '303 request_uri_not_supported', '8 app-a authorize request_uri_not_supported', (place) =>
    authorize(place, { request_uri: 'http://169.254.169.254/latest' }),
  ),
  attack('a token for another resource server', '303 invalid_request', '8 app-a authorize invalid_request', (place) =>
    authorize(place, { aud: `${place.origin}/ehr/hospital/fhir` }),
  ),
  attack('a token for a resource beside the right audience', '303 invalid_target', '8 app-a authorize invalid_target', (place) =>
    authorize(place, { resource: `${place.origin}/ehr/hospital/fhir` }),
  ),
  attack('scopes of a system', '303 invalid_scope', '8 app-a authorize invalid_scope', (place) =>
    authorize(place, { scope: 'system/*.cruds' }),
  ),
  attack('a launch that was made up', '303 invalid_request', '8 app-a authorize invalid_request', (place) =>
    authorize(place, { launch: 'x'.repeat(43) }),
  ),
  attack('a launch of another app', '303 invalid_request', '8 app-b authorize invalid_request', async (place) =>
    authorize(place, { client_id: 'app-b', launch: await mint(place, 'app-a') }),
  ),
  attack('a launch used twice', '303 invalid_request', '8 app-a authorize invalid_request', async (place) => {
    const launch = await mint(place);
    await codeFor(place, { launch });
    return authorize(place, { launch });
  }),
];

const CODES: readonly Attack[] = [
  attack('a code of app A injected into app B', '400 invalid_grant', '8 app-b launch invalid_grant', async (place) =>
    redeem(place, await codeFor(place), { client_id: 'app-b' }),
  ),
  attack('a code of an app with a secret redeemed without it', '401 invalid_client', '8 secret-app launch invalid_client', async (place) =>
    redeem(place, await codeFor(place, { client_id: 'secret-app' }), { client_id: 'secret-app' }),
  ),
  attack(
    'a code of an app with a secret redeemed as the app without one',
    '400 invalid_grant',
    '8 app-a launch invalid_grant',
    async (place) => redeem(place, await codeFor(place, { client_id: 'secret-app' })),
  ),
  attack(
    'a stolen code injected into the own session of the victim (another verifier)',
    '400 invalid_grant',
    '8 app-a launch invalid_grant',
    async (place) => redeem(place, await codeFor(place, { code_challenge: challengeOf('v'.repeat(43)) })),
  ),
  attack('the verifier dropped at the token endpoint', '400 invalid_grant', '8 app-a launch invalid_grant', async (place) =>
    redeem(place, await codeFor(place), { code_verifier: undefined }),
  ),
  attack('the challenge sent as the verifier', '400 invalid_grant', '8 app-a launch invalid_grant', async (place) =>
    redeem(place, await codeFor(place), { code_verifier: challengeOf(VERIFIER) }),
  ),
  attack('a verifier that is too short to be secret', '400 invalid_request', '8 app-a launch invalid_request', async (place) =>
    redeem(place, await codeFor(place), { code_verifier: 'short' }),
  ),
  attack('another redirect URI at the token endpoint', '400 invalid_grant', '8 app-a launch invalid_grant', async (place) =>
    redeem(place, await codeFor(place), { redirect_uri: 'https://evil.example/' }),
  ),
  attack('no redirect URI at the token endpoint', '400 invalid_request', '8 app-a launch invalid_request', async (place) =>
    redeem(place, await codeFor(place), { redirect_uri: undefined }),
  ),
  attack('a code replayed', '400 invalid_grant', '8 app-a launch invalid_grant', async (place) => {
    const code = await codeFor(place);
    expect((await redeem(place, code)).status).toBe(200);
    return redeem(place, code);
  }),
  attack('a code that was made up', '400 invalid_grant', '8 app-a launch invalid_grant', (place) => redeem(place, 'c'.repeat(43))),
  attack('the password of a user', '400 unsupported_grant_type', '8 app-a token unsupported_grant_type', (place) =>
    post(place, '/token', { grant_type: 'password', username: 'kari', password: SECRET, client_id: 'app-a' }),
  ),
  attack('the secret of an app guessed', '401 invalid_client', '8 secret-app launch invalid_client', async (place) =>
    redeem(place, await codeFor(place, { client_id: 'secret-app' }), { client_id: undefined }, basic('secret-app', 'gjettet')),
  ),
  attack('the kept hash of a secret sent as the secret', '401 invalid_client', '8 secret-app launch invalid_client', async (place) =>
    redeem(
      place,
      await codeFor(place, { client_id: 'secret-app' }),
      { client_id: undefined },
      basic('secret-app', `sha256:${'0'.repeat(64)}`),
    ),
  ),
  attack('the secret in the form, where logs would keep it', '401 invalid_client', '8 secret-app launch invalid_client', async (place) =>
    redeem(place, await codeFor(place, { client_id: 'secret-app' }), { client_id: 'secret-app', client_secret: SECRET }),
  ),
];

const REFRESHING: readonly Attack[] = [
  attack('a stolen refresh token used after its owner did', '400 invalid_grant', '8 app-a refresh invalid_grant', async (place) => {
    const { refresh: stolen } = await tokens(place);
    expect((await refresh(place, stolen)).status).toBe(200);
    return refresh(place, stolen);
  }),
  attack('the token of its owner, after a stolen one was noticed', '401 login', '8 Ukjent unknown 401 login', async (place) => {
    const { refresh: stolen } = await tokens(place);
    const owner = await refresh(place, stolen);
    expect((await refresh(place, stolen)).status).toBe(400);
    expect((await refresh(place, String(owner.body.refresh_token))).status).toBe(400);
    return read(place, { Authorization: `Bearer ${owner.body.access_token}` });
  }),
  attack('a refresh token of app A used by app B', '400 invalid_grant', '8 app-b refresh invalid_grant', async (place) =>
    refresh(place, (await tokens(place)).refresh, { client_id: 'app-b' }),
  ),
  attack('more scopes at a refresh', '400 invalid_scope', '8 app-a refresh invalid_scope', async (place) =>
    refresh(place, (await tokens(place)).refresh, { scope: 'patient/*.cruds' }),
  ),
  attack('scopes of a user at a refresh', '400 invalid_scope', '8 app-a refresh invalid_scope', async (place) =>
    refresh(place, (await tokens(place)).refresh, { scope: 'patient/*.rs user/*.cruds' }),
  ),
  attack('another resource at a refresh', '400 invalid_target', '8 app-a refresh invalid_target', async (place) =>
    refresh(place, (await tokens(place)).refresh, { resource: `${place.origin}/ehr/hospital/fhir` }),
  ),
  attack('an access token sent as a refresh token', '400 invalid_grant', '8 app-a refresh invalid_grant', async (place) =>
    refresh(place, (await tokens(place)).access),
  ),
  attack('a refresh token sent as an access token', '401 login', '8 Ukjent unknown 401 login', async (place) =>
    read(place, { Authorization: `Bearer ${(await tokens(place)).refresh}` }),
  ),
  attack('a refresh token that was revoked', '400 invalid_grant', '8 app-a refresh invalid_grant', async (place) => {
    const { refresh: token } = await tokens(place);
    expect((await post(place, '/revoke', { token, client_id: 'app-a' })).status).toBe(200);
    return refresh(place, token);
  }),
];

describe.each(STORES)('at the authorization server on %s,', (store) => {
  let place: Stronghold;
  beforeAll(async () => {
    place = await openStronghold(store);
  });
  afterAll(() => place.close());

  areRefusedAndLogged(OPEN_REDIRECTS, () => place);
  areRefusedAndLogged(AUTHORIZE, () => place);
  areRefusedAndLogged(CODES, () => place);
  areRefusedAndLogged(REFRESHING, () => place);

  it('a patient named beside the launch is not heard: at the authorization, at the token, at the refresh', async () => {
    const code = await codeFor(place, { patient: 'own', launch_patient: 'own' });
    const first = await redeem(place, code, { patient: 'own' });
    const again = await refresh(place, String(first.body.refresh_token), { patient: 'own', launch: 'own' });
    expect([first.body.patient, again.body.patient]).toEqual(['ida', 'ida']);
  });

  it('a launch used twice, or a code of another, ends nothing of the first session', async () => {
    const launch = await mint(place);
    const { body } = await redeem(place, await codeFor(place, { launch }));
    expect((await authorize(place, { launch })).headers.get('location')).toContain('error=invalid_request');
    expect((await read(place, { Authorization: `Bearer ${body.access_token}` })).status).toBe(200);
  });

  it('of two who redeem one code at the same moment, one at most gets a token', async () => {
    const code = await codeFor(place);
    const answers = await Promise.all([1, 2, 3, 4].map(() => redeem(place, code)));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
  });
});

function basic(id: string, secret: string): Record<string, string> {
  return { Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
}
