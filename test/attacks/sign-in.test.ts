/**
 * Attacks on the pages of a sign-in, and on what apps and systems ask besides tokens.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc9700#section-4.7 · https://www.rfc-editor.org/rfc/rfc9126 · https://www.rfc-editor.org/rfc/rfc7662
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, browser, type Page, tokenIn } from '../auth/sign-in/browser.ts';
import { type Attack, areRefusedAndLogged, attack } from './attack.ts';
import { assertion, authorize, challengeOf, mint, post, tokens, VERIFIER } from './oauth.ts';
import { APP_REDIRECT, type Got, openStronghold, STORES, type Stronghold } from './stronghold.ts';

const AWAY = '8 Ukjent sign-in';

/** A sign-in that a browser has begun. */
async function begun(place: Stronghold, more: Readonly<Record<string, string>> = {}): Promise<{ user: Browser; url: string; page: Page }> {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'app-a',
    redirect_uri: APP_REDIRECT,
    scope: 'launch/patient openid fhirUser patient/*.rs',
    state: 'st-1',
    aud: place.fhir,
    code_challenge: challengeOf(VERIFIER),
    code_challenge_method: 'S256',
    ...more,
  });
  const user = browser();
  const url = (await user.get(`${place.issuer}/authorize?${query}`)).location!;
  place.secrets.add(url.split('/').at(-1)!);
  for (const { value } of user.jar.values()) place.secrets.add(value);
  const page = await user.get(url);
  place.secrets.add(tokenIn(page.text));
  return { user, url, page };
}

const got = ({ status, headers, text }: Page): Got => ({ status, headers, text, body: {} });
const STEP = [['step', 'external']] as const;

const PAGES: readonly Attack[] = [
  attack('the page of another’s sign-in', '404', `${AWAY} no such sign-in`, async (place) =>
    got(await browser().get((await begun(place)).url)),
  ),
  attack('a page that was made up', '404', `${AWAY} no such sign-in`, async (place) =>
    got(await browser().get(`${place.issuer}/sign-in/${'x'.repeat(43)}`)),
  ),
  attack('a page by a path that climbs', '404', `${AWAY} no such sign-in`, async (place) =>
    got(await browser().get(`${place.issuer}/sign-in/..%2f..%2fjwks`)),
  ),
  attack('a form without its token', '403', `${AWAY} a form of another page`, async (place) => {
    const { user, url } = await begun(place);
    return got(await user.postForm(url, new URLSearchParams([...STEP].map(([name, value]): [string, string] => [name, value]))));
  }),
  attack('a form with the token of another sign-in', '403', `${AWAY} a form of another page`, async (place) => {
    const [{ user, url }, other] = [await begun(place), await begun(place)];
    return got(await user.post(url, other.page, STEP));
  }),
  attack('a form from the page of another site', '403', `${AWAY} a form of another page`, async (place) => {
    const { user, url, page } = await begun(place);
    return got(await user.post(url, page, STEP, { Origin: 'https://evil.example' }));
  }),
  attack('a form from a page without an origin', '403', `${AWAY} a form of another page`, async (place) => {
    const { user, url, page } = await begun(place);
    return got(await user.post(url, page, STEP, { Origin: 'null' }));
  }),
  attack('a form as JSON', '400', `${AWAY} not a form`, async (place) => {
    const { user, url } = await begun(place);
    return got(await user.post(url, { ...(await user.get(url)) }, [], { 'Content-Type': 'application/json' }));
  }),
  attack('the answer of the identity provider sent by another browser (login CSRF)', '400', `${AWAY} no such sign-in`, async (place) => {
    const { user, url, page } = await begun(place);
    const sent = await user.post(url, page, STEP);
    expect(sent.location).toContain('/idp/');
    return got(await browser().get(`${place.issuer}/sign-in/callback?code=x&state=${url.split('/').at(-1)}`));
  }),
  attack('an answer of the identity provider that nobody asked for', '400', `${AWAY} no such sign-in`, async (place) => {
    const { user, url } = await begun(place);
    return got(await user.get(`${place.issuer}/sign-in/callback?code=x&state=${url.split('/').at(-1)}`));
  }),
  attack('an answer that says another identity provider (mix-up)', '403', '8 app-a sign-in', async (place) => {
    const { user, url, page } = await begun(place);
    await user.post(url, page, STEP);
    return got(await user.get(`${place.issuer}/sign-in/callback?code=x&iss=https%3A%2F%2Fevil.example&state=${url.split('/').at(-1)}`));
  }),
  attack('an answer with a code that was made up', '403', '8 app-a sign-in', async (place) => {
    const { user, url, page } = await begun(place);
    await user.post(url, page, STEP);
    return got(await user.get(`${place.issuer}/sign-in/callback?code=${'x'.repeat(43)}&state=${url.split('/').at(-1)}`));
  }),
];

const PUSHED = { response_type: 'code', client_id: 'app-a', redirect_uri: APP_REDIRECT, scope: 'launch openid patient/*.rs', state: 's' };

const ASKED: readonly Attack[] = [
  attack('a pushed request without PKCE', '400 invalid_request', '8 app-a authorize invalid_request', async (place) =>
    post(place, '/par', { ...PUSHED, aud: place.fhir, launch: await mint(place) }),
  ),
  attack('a pushed request for another redirect URI', '400 invalid_request', '8 app-a authorize invalid_request', async (place) =>
    post(place, '/par', { ...PUSHED, aud: place.fhir, redirect_uri: 'https://evil.example/' }),
  ),
  attack('a pushed request for another audience', '400 invalid_request', '8 app-a authorize invalid_request', async (place) =>
    post(place, '/par', {
      ...PUSHED,
      aud: 'https://evil.example/fhir',
      code_challenge: challengeOf(VERIFIER),
      code_challenge_method: 'S256',
    }),
  ),
  attack(
    'a pushed request of app A used by app B',
    '303 invalid_request_object',
    '8 app-b authorize invalid_request_object',
    async (place) => {
      const fields = {
        ...PUSHED,
        aud: place.fhir,
        launch: await mint(place),
        code_challenge: challengeOf(VERIFIER),
        code_challenge_method: 'S256',
      };
      const { body } = await post(place, '/par', fields);
      place.secrets.add(String(body.request_uri));
      return authorize(place, { client_id: 'app-b', request_uri: String(body.request_uri), launch: 'x' });
    },
  ),
  attack('a pushed request by a client that cannot show who it is', '401 invalid_client', '8', (place) =>
    post(place, '/par', { ...PUSHED, client_id: 'secret-app' }),
  ),
  attack('what a token says, asked by nobody', '401 invalid_client', '8', async (place) =>
    post(place, '/introspect', { token: (await tokens(place)).access, client_id: 'no-such-app' }),
  ),
  attack('what a token says, asked with the key of another', '401 invalid_client', '8', async (place) =>
    post(place, '/introspect', { token: (await tokens(place)).access, ...(await assertion(place, 'rsa-system', place.keys.ec)) }),
  ),
  attack('a token revoked by nobody', '401 invalid_client', '8', async (place) =>
    post(place, '/revoke', { token: (await tokens(place)).access, client_id: 'no-such-app' }),
  ),
];

describe.each(STORES)('sign-in on %s:', (store) => {
  let place: Stronghold;
  beforeAll(async () => {
    place = await openStronghold(store);
  });
  afterAll(() => place.close());

  areRefusedAndLogged(PAGES, () => place);
  areRefusedAndLogged(ASKED, () => place);

  it('no page can be framed, runs scripts, is kept, or tells where one came from', async () => {
    const { page } = await begun(place);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/default-src 'none'/);
    expect(policy).toMatch(/frame-ancestors 'none'/);
    expect(policy).not.toMatch(/script-src|unsafe/);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.text).not.toContain('<script');
  });

  it('what an app writes in its request stands on no page as markup', async () => {
    const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
    const { page } = await begun(place, { state: hostile, ui_locales: hostile, login_hint: hostile, nonce: hostile, display: 'page' });
    expect(page.text).not.toMatch(/<script|<img|onerror=/);
    const refused = await authorize(place, { client_id: hostile, redirect_uri: hostile, launch: hostile });
    expect(refused.text).not.toMatch(/<script|<img|onerror=/);
  });

  it('consent given before anybody has signed in leads back to the page', async () => {
    const { user, url, page } = await begun(place);
    const answer = await user.post(url, page, [
      ['step', 'allow'],
      ['scope', 'patient/*.rs'],
    ]);
    expect([answer.status, answer.location]).toEqual([303, url]);
  });

  it('a cookie planted in the browser of the victim opens no sign-in of theirs (session fixation)', async () => {
    const [attacker, victim] = [await begun(place), await begun(place)];
    const planted = [...attacker.user.jar].map(([name, { value }]) => `${name}=${value}`).join('; ');
    expect((await fetch(victim.url, { headers: { Cookie: planted } })).status).toBe(404);
    const own = [...victim.user.jar].map(([name]) => name);
    const renamed = [...attacker.user.jar.values()].map(({ value }) => `${own[0]}=${value}`).join('; ');
    expect((await fetch(victim.url, { headers: { Cookie: renamed } })).status).toBe(404);
  });
});
