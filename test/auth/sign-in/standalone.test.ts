import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SignIn } from '../../../server/auth/sign-in/sign-in.ts';
import { APP_REDIRECT, challengeOf, openFileState, post, redeem, type SmartServer, startSmartServer, VERIFIER } from '../smart-server.ts';
import { type Browser, boxesIn, browser, type Page, tokenIn } from './browser.ts';

const SCOPE = 'launch/patient openid fhirUser offline_access patient/*.rs user/*.rs';
const PATIENTS = [
  { id: 'p1', name: 'Ingrid <b>Solberg</b>', about: '1942' },
  { id: 'p2', name: 'Jonas Lindvik', about: '1950' },
];
const signIn: SignIn = {
  place: 'Fjordheim sykehus',
  users: {
    kind: 'choice',
    choices: async () => [{ id: 'r1', name: 'Kari Berg', about: 'Sykepleier' }],
    enter: async (id) =>
      id === 'r1' ? { accountId: 'pr1', name: 'Kari Berg', sessionId: 's1', context: { tenant: '999999999' } } : undefined,
  },
  patients: async (_user, text) => PATIENTS.filter(({ name }) => name.includes(text)),
  patient: async (_user, id) => PATIENTS.find((patient) => patient.id === id),
};

let smart: SmartServer;
let closeState: () => Promise<void>;

beforeAll(async () => {
  const { state, close } = await openFileState();
  closeState = close;
  smart = await startSmartServer(state, { signIn });
});
afterAll(async () => {
  await smart.close();
  await closeState();
});

function requestOf(more: Record<string, string> = {}): URLSearchParams {
  return new URLSearchParams({
    response_type: 'code',
    client_id: 'public-app',
    redirect_uri: APP_REDIRECT,
    scope: SCOPE,
    state: 'st-1',
    aud: smart.fhirBaseUrl,
    code_challenge: challengeOf(VERIFIER),
    code_challenge_method: 'S256',
    ...more,
  });
}

const start = (user: Browser, more: Record<string, string> = {}) => user.get(`${smart.issuer}/authorize?${requestOf(more)}`);

/** Goes as far as the consent page. */
async function toConsent(user: Browser, more: Record<string, string> = {}, patient = 'p1'): Promise<{ url: string; page: Page }> {
  const url = (await start(user, more)).location!;
  let page = await user.get(url);
  await user.post(url, page, [
    ['step', 'enter'],
    ['id', 'r1'],
  ]);
  page = await user.get(url);
  if (!page.text.includes('name="step" value="patient"')) return { url, page };
  await user.post(url, page, [
    ['step', 'patient'],
    ['id', patient],
  ]);
  return { url, page: await user.get(url) };
}

async function allow(user: Browser, { url, page }: { url: string; page: Page }, scopes = boxesIn(page.text)): Promise<URLSearchParams> {
  const answer = await user.post(url, page, [['step', 'allow'], ...scopes.map((scope) => ['scope', scope] as const)]);
  expect(answer.status).toBe(303);
  expect(answer.location).toMatch(new RegExp(`^${APP_REDIRECT.replaceAll('.', '\\.')}\\?`));
  return new URL(answer.location!).searchParams;
}

describe('a standalone launch', () => {
  it('signs in, asks for the patient and for consent, and gives a code with the state [@53 @56 @57 @59]', async () => {
    const user = browser();
    const sent = await allow(user, await toConsent(user));
    expect(sent.get('state')).toBe('st-1');
    expect(sent.get('iss')).toBe(smart.issuer);
    const { status, body } = await redeem(smart, sent.get('code')!);
    expect(status).toBe(200);
    expect(body).toMatchObject({ patient: 'p1', token_type: 'Bearer', tenant: '999999999', scope: SCOPE });
    expect(body).toHaveProperty('refresh_token');
    expect(body).toHaveProperty('id_token');
    expect(body).not.toHaveProperty('encounter');
    const principal = await smart.authenticator.authenticate(`Bearer ${body.access_token}`);
    expect(principal).toMatchObject({ subject: 'pr1', patientId: 'p1', fhirUser: 'Practitioner/pr1' });
  });

  it('may be asked for by POST [authorize-post]', async () => {
    const user = browser();
    const answer = await user.postForm(`${smart.issuer}/authorize`, requestOf());
    expect(answer.status).toBe(303);
    expect((await user.get(answer.location!)).text).toContain('Kari Berg');
  });

  it('is claimed in smart-configuration, with the patient as its context [@348-351]', () => {
    expect(smart.server.smartConfiguration.capabilities).toEqual(
      expect.arrayContaining(['launch-standalone', 'context-standalone-patient']),
    );
    expect(smart.server.smartConfiguration.capabilities).not.toContain('context-standalone-encounter');
  });

  it('asks for no patient when no scope is about one', async () => {
    const user = browser();
    const { page, url } = await toConsent(user, { scope: 'openid fhirUser user/*.rs' });
    expect(page.text).not.toContain('name="step" value="patient"');
    const { body } = await redeem(smart, (await allow(user, { page, url })).get('code')!);
    expect(body).not.toHaveProperty('patient');
    expect(body).not.toHaveProperty('refresh_token');
  });

  it('establishes a patient also when only patient/ scopes were asked for [@164]', async () => {
    const user = browser();
    const { body } = await redeem(smart, (await allow(user, await toConsent(user, { scope: 'openid patient/*.rs' }, 'p2'))).get('code')!);
    expect(body.patient).toBe('p2');
  });

  it('gives no scope of an EHR launch [@168]', async () => {
    const user = browser();
    const { body } = await redeem(smart, (await allow(user, await toConsent(user, { scope: `launch ${SCOPE}` }))).get('code')!);
    expect(body.scope).toBe(SCOPE);
  });

  it.each([['offline_access'], ['online_access']])('can be refreshed with %s, within the same scopes [@103 @109-114]', async (word) => {
    const user = browser();
    const { body } = await redeem(
      smart,
      (await allow(user, await toConsent(user, { scope: `openid launch/patient patient/*.rs ${word}` }))).get('code')!,
    );
    const again = await post(smart, '/token', {
      grant_type: 'refresh_token',
      refresh_token: String(body.refresh_token),
      client_id: 'public-app',
    });
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ patient: 'p1', scope: body.scope });
  });

  it('with prompt=none is refused with login_required', async () => {
    const answer = await start(browser(), { prompt: 'none' });
    expect(new URL(answer.location!).searchParams.get('error')).toBe('login_required');
  });

  it.each([
    ['another audience', { aud: 'https://other.example' }],
    ['another audience and the right resource', { aud: 'https://other.example', resource: 'BASE' }],
    ['no PKCE', { code_challenge: '', code_challenge_method: '' }],
    ['an invented launch', { launch: 'made-up' }],
  ])('with %s is refused before anybody signs in [g10 invalid aud]', async (_why, more) => {
    const params = Object.fromEntries(Object.entries(more).map(([name, value]) => [name, value === 'BASE' ? smart.fhirBaseUrl : value]));
    const answer = await start(browser(), params);
    expect(new URL(answer.location!).searchParams.get('error')).toBe('invalid_request');
  });
});

describe('consent', () => {
  it('shows each scope and lets all be left out but what the app cannot do without', async () => {
    const { page } = await toConsent(browser());
    expect(boxesIn(page.text)).toEqual(['offline_access', 'patient/*.rs', 'user/*.rs']);
    expect(page.text).toContain('vite hvem du er');
  });

  it('grants what was left [g10 limited scope grant]', async () => {
    const user = browser();
    const sent = await allow(user, await toConsent(user), ['patient/*.rs']);
    const { body } = await redeem(smart, sent.get('code')!);
    expect(body.scope).toBe('launch/patient openid fhirUser patient/*.rs');
    expect(body).not.toHaveProperty('refresh_token');
    const { scope } = await smart.authenticator.authenticate(`Bearer ${body.access_token}`);
    expect(scope).toBe(body.scope);
  });

  it('grants nothing that was not asked for, whatever the form says', async () => {
    const user = browser();
    const sent = await allow(user, await toConsent(user, { scope: 'openid patient/Patient.rs' }), [
      'patient/*.cruds',
      'user/*.rs',
      'patient/Patient.rs',
    ]);
    expect((await redeem(smart, sent.get('code')!)).body.scope).toBe('openid patient/Patient.rs');
  });

  it('lets a part be given in place of the whole, by category [g10 granular scope selection]', async () => {
    const user = browser();
    const at = await toConsent(user, { scope: 'openid patient/Patient.rs patient/Observation.rs patient/Condition.rs' });
    const part = 'patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|survey';
    expect(at.page.text).toContain('<legend>Tar du bort dette, kan appen likevel få noe av det:</legend>');
    expect(boxesIn(at.page.text)).toEqual(['patient/Patient.rs', 'patient/Observation.rs', 'patient/Condition.rs']);
    const { body } = await redeem(smart, (await allow(user, at, ['patient/Patient.rs', part])).get('code')!);
    expect(body.scope).toBe(`openid patient/Patient.rs ${part}`);
    const { scope } = await smart.authenticator.authenticate(`Bearer ${body.access_token}`);
    expect(scope).toBe(body.scope);
  });

  it('gives the whole when both are left, and no part of what was not asked for', async () => {
    const user = browser();
    const part = (type: string) => `patient/${type}.rs?category=http://terminology.hl7.org/CodeSystem/${type.toLowerCase()}-category|`;
    const at = await toConsent(user, { scope: 'openid patient/Observation.rs' });
    const left = ['patient/Observation.rs', `${part('Observation')}survey`, `${part('Condition')}problem-list-item`];
    expect((await redeem(smart, (await allow(user, at, left)).get('code')!)).body.scope).toBe('openid patient/Observation.rs');
  });

  it('keeps the query of a granular scope [g10 granular]', async () => {
    const user = browser();
    const asked = 'openid patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|survey';
    const at = await toConsent(user, { scope: asked });
    expect((await redeem(smart, (await allow(user, at)).get('code')!)).body.scope).toBe(asked);
  });

  it('that is not given is told to the app [@54]', async () => {
    const user = browser();
    const { url, page } = await toConsent(user);
    const answer = await user.post(url, page, [['step', 'refuse']]);
    const sent = new URL(answer.location!).searchParams;
    expect(Object.fromEntries(sent)).toMatchObject({ error: 'access_denied', state: 'st-1' });
    expect(sent.get('code')).toBeNull();
  });

  it('may be refused before anybody is signed in', async () => {
    const user = browser();
    const url = (await start(user)).location!;
    const answer = await user.post(url, await user.get(url), [['step', 'refuse']]);
    expect(new URL(answer.location!).searchParams.get('error')).toBe('access_denied');
  });

  it('is given once: the same form sent again leads nowhere', async () => {
    const user = browser();
    const at = await toConsent(user);
    await allow(user, at);
    expect((await user.post(at.url, at.page, [['step', 'allow']])).status).toBe(404);
  });

  it('cannot be given before a user and a patient are chosen', async () => {
    const user = browser();
    const url = (await start(user)).location!;
    const page = await user.get(url);
    expect((await user.post(url, page, [['step', 'allow']])).location).toBe(url);
    await user.post(url, page, [
      ['step', 'enter'],
      ['id', 'r1'],
    ]);
    expect((await user.post(url, page, [['step', 'allow']])).location).toBe(url);
  });
});

describe('the patient picker', () => {
  it('finds by a text that is posted, never in a URL', async () => {
    const user = browser();
    const url = (await start(user)).location!;
    const first = await user.get(url);
    await user.post(url, first, [
      ['step', 'enter'],
      ['id', 'r1'],
    ]);
    expect((await user.get(url)).text).toContain('Ingrid &#60;b&#62;Solberg');
    const found = await user.post(url, first, [
      ['step', 'search'],
      ['q', 'Jonas'],
    ]);
    expect(found.status).toBe(200);
    expect(found.text).toContain('Jonas Lindvik');
    expect(found.text).not.toContain('Ingrid');
  });

  it('takes no patient whom the user may not open', async () => {
    const { page } = await toConsent(browser(), {}, 'somebody-else');
    expect(page.text).toContain('name="step" value="patient"');
  });
});

describe('a sign-in page', () => {
  it('belongs to the browser that began it', async () => {
    const user = browser();
    const url = (await start(user)).location!;
    expect((await browser().get(url)).status).toBe(404);
    expect((await user.get(url)).status).toBe(200);
  });

  it('takes no form without its token, or from another site', async () => {
    const user = browser();
    const url = (await start(user)).location!;
    const page = await user.get(url);
    const forged = { ...page, text: page.text.replace(tokenIn(page.text), 'x'.repeat(43)) };
    const enter = [
      ['step', 'enter'],
      ['id', 'r1'],
    ] as const;
    expect((await user.post(url, forged, enter)).status).toBe(403);
    // As many characters, and more bytes.
    expect((await user.post(url, { ...forged, text: forged.text.replaceAll('x'.repeat(43), 'å'.repeat(43)) }, enter)).status).toBe(403);
    expect((await user.post(url, page, enter, { Origin: 'https://evil.example' })).status).toBe(403);
    expect((await user.get(url)).text).toContain('Kari Berg');
  });

  it('cannot be framed, runs no script, and lets its form lead to the app only', async () => {
    const user = browser();
    const page = await user.get((await start(user)).location!);
    const policy = page.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("form-action 'self' https://app.example;");
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.text).not.toContain('<script');
  });

  it('has a cookie that scripts and other sites do not get', async () => {
    const answer = await start(browser());
    expect(answer.headers.getSetCookie()).toHaveLength(1);
    expect(answer.headers.getSetCookie()[0]).toMatch(/Path=\/ehr\/test\/auth\/sign-in; Max-Age=600; HttpOnly; SameSite=Lax$/);
  });

  it.each([
    ['nb', 'Velg hvem du er'],
    ['nn', 'Vel kven du er'],
    ['en', 'Choose who you are'],
  ])('speaks %s', async (language, heading) => {
    const user = browser();
    const url = (await start(user, { ui_locales: language })).location!;
    const page = await user.get(url);
    expect(page.text).toContain(`<html lang="${language}">`);
    expect(page.text).toContain(`<h1>${heading}</h1>`);
    expect((await user.get(`${url}?lang=en`)).text).toContain('Choose who you are');
  });

  it('has a heading, a way past the header, and a label for what is typed [WCAG 2.4.1 3.3.2]', async () => {
    const user = browser();
    const { page } = await toConsent(user, {}, 'nobody');
    expect(page.text).toContain('<a class="skip" href="#content">');
    expect(page.text).toContain('<label for="q">');
    expect(page.text.match(/<h1>/g)).toHaveLength(1);
  });

  it('opens the patient whom the page was about, also when another was chosen in another window [two patients never mix]', async () => {
    const user = browser();
    const one = await toConsent(user, {}, 'p1');
    await user.post(one.url, one.page, [
      ['step', 'patient'],
      ['id', 'p2'],
    ]);
    const stale = await user.post(one.url, one.page, [
      ['step', 'allow'],
      ...boxesIn(one.page.text).map((scope) => ['scope', scope] as const),
    ]);
    expect([stale.status, stale.location]).toEqual([303, one.url]);
    const shown = await user.get(one.url);
    expect(shown.text).toContain('Jonas Lindvik');
    const sent = await allow(user, { url: one.url, page: shown });
    expect((await redeem(smart, sent.get('code')!)).body.patient).toBe('p2');
  });

  it('keeps two sign-ins in one browser apart', async () => {
    const user = browser();
    const [one, two] = [await toConsent(user, {}, 'p1'), await toConsent(user, { state: 'st-2' }, 'p2')];
    const [first, second] = [await allow(user, one), await allow(user, two)];
    expect((await redeem(smart, first.get('code')!)).body.patient).toBe('p1');
    expect((await redeem(smart, second.get('code')!)).body.patient).toBe('p2');
  });

  it('keeps nothing by which it could be entered', async () => {
    const { state, close } = await openFileState();
    const other = await startSmartServer(state, { signIn });
    const user = browser();
    const request = requestOf({ aud: other.fhirBaseUrl });
    const url = (await user.get(`${other.issuer}/authorize?${request}`)).location!;
    const kept = JSON.stringify(await state.list('auth/test/sign-in', 10));
    expect(kept).not.toContain(url.split('/').at(-1)!);
    expect(kept).not.toContain([...user.jar.values()][0]!.value);
    await other.close();
    await close();
  });
});
