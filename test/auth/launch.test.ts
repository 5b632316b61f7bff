import { describe, expect, it } from 'vitest';
import { oneSmartServer } from './one-smart-server.ts';
import {
  APP_REDIRECT,
  authorize,
  launch,
  mint,
  openFileState,
  redeem,
  type SmartServer,
  startSmartServer,
  VERIFIER,
} from './smart-server.ts';

let smart: SmartServer;
oneSmartServer((started) => {
  smart = started;
});

describe('an EHR launch', () => {
  it('is answered with a code and the state, at once [@53 @56 @57 @59]', async () => {
    const { response, code, state, error, location } = await authorize(smart, { launch: await mint(smart), state: 'as sent/+=' });
    expect(response.status).toBe(303);
    expect(location).toMatch(/^https:\/\/app\.example\/app\/index\.html\?/);
    expect({ state, error }).toEqual({ state: 'as sent/+=', error: null });
    expect(code).toMatch(/^[\w-]{43}$/);
  });

  it('may be asked for by POST [authorize-post]', async () => {
    const { code } = await authorize(smart, { launch: await mint(smart) }, 'POST');
    expect((await redeem(smart, code!)).status).toBe(200);
  });

  it('needs no cookie and sets none, since the app is in an iframe of another site', async () => {
    const { response, code } = await authorize(smart, { launch: await mint(smart) });
    expect(response.headers.get('set-cookie')).toBeNull();
    expect((await redeem(smart, code!)).headers.get('set-cookie')).toBeNull();
  });

  it('names the issuer in the answer, against mix-up [RFC 9207]', async () => {
    const { location } = await authorize(smart, { launch: await mint(smart) });
    expect(new URL(location!).searchParams.get('iss')).toBe(smart.issuer);
  });

  it('keeps two launches side by side apart', async () => {
    const [one, two] = [await mint(smart, { patient: 'p1' }), await mint(smart, { patient: 'p2', userId: 'pr2' })];
    const codes = await Promise.all([authorize(smart, { launch: one }), authorize(smart, { launch: two })]);
    const tokens = await Promise.all([redeem(smart, codes[1].code!), redeem(smart, codes[0].code!)]);
    expect(tokens.map((token) => token.body.patient)).toEqual(['p2', 'p1']);
    const principals = await Promise.all(tokens.map((token) => smart.authenticator.authenticate(`Bearer ${token.body.access_token}`)));
    expect(principals.map(({ patientId, subject }) => [patientId, subject])).toEqual([
      ['p2', 'pr2'],
      ['p1', 'pr1'],
    ]);
  });

  const refused: readonly (readonly [why: string, params: Record<string, string | undefined>, error: string])[] = [
    ['without a launch', { launch: undefined }, 'login_required'],
    ['with an invented launch', { launch: 'made-up' }, 'invalid_request'],
    ['for another audience [g10 invalid aud]', { aud: 'https://inferno.healthit.gov/invalid_aud' }, 'invalid_request'],
    ['without an audience', { aud: undefined }, 'invalid_request'],
    ['for the audience with a slash more', { aud: 'SLASH' }, 'invalid_request'],
    ['for another resource', { resource: 'https://other.example/fhir' }, 'invalid_target'],
    ['without PKCE [@31]', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['with plain PKCE [@15]', { code_challenge: VERIFIER, code_challenge_method: 'plain' }, 'invalid_request'],
    ['with PKCE of no method, which means plain', { code_challenge_method: undefined }, 'invalid_request'],
    ['for an id_token in the front channel', { response_type: 'id_token', nonce: 'n' }, 'unsupported_response_type'],
    ['for a token in the front channel', { response_type: 'token' }, 'unsupported_response_type'],
    ['with scopes that nobody may have', { scope: 'rubbish system/*.cruds' }, 'invalid_scope'],
    ['without a scope', { scope: undefined }, 'invalid_scope'],
    ['with a request object', { request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
    ['with a request by URL', { request_uri: 'http://127.0.0.1:1/x' }, 'request_uri_not_supported'],
  ];
  it.each(refused)('is refused %s, on the redirect with the state [@54]', async (_why, params, error) => {
    const more = params.aud === 'SLASH' ? { aud: `${smart.fhirBaseUrl}/` } : params;
    const answer = await authorize(smart, { launch: await mint(smart), ...more });
    expect(answer.error).toBe(error);
    expect(answer.code).toBeNull();
    expect(answer.state).toBe('st-1');
  });

  const shown: readonly (readonly [why: string, params: Record<string, string | undefined>, error: string])[] = [
    ['an unknown client', { client_id: 'nobody' }, 'invalid_client'],
    ['a redirect URI of somebody else', { redirect_uri: 'https://evil.example/' }, 'invalid_redirect_uri'],
    ['a redirect URI that begins like the registered one', { redirect_uri: `${APP_REDIRECT}/../evil` }, 'invalid_redirect_uri'],
    ['a redirect URI with a query more', { redirect_uri: `${APP_REDIRECT}?x=1` }, 'invalid_redirect_uri'],
    ['a redirect URI with a user name in it', { redirect_uri: 'https://app.example@evil.example/app/index.html' }, 'invalid_redirect_uri'],
    ['no redirect URI', { redirect_uri: undefined }, 'invalid_request'],
    ['a script as redirect URI', { redirect_uri: 'javascript:alert(1)' }, 'invalid_redirect_uri'],
  ];
  it.each(shown)('is answered with a page and never a redirect for %s', async (_why, params, error) => {
    const { response, location } = await authorize(smart, { launch: await mint(smart), ...params });
    expect(location).toBeNull();
    expect(response.status).toBeGreaterThanOrEqual(400);
    const page = await response.text();
    expect(page).toContain(`<code>${error}</code>`);
    expect(page).toContain('lang="nb"');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('writes nothing of the request into the error page unescaped', async () => {
    const { response } = await authorize(smart, { client_id: '<script>alert(1)</script>', redirect_uri: '"><img src=x>' });
    expect(await response.text()).not.toMatch(/<script>alert|<img src=x/);
  });
});

describe('a launch value', () => {
  it('works once, and a second use does not harm the first session [issue of a replayed launch]', async () => {
    const value = await mint(smart);
    const first = await redeem(smart, (await authorize(smart, { launch: value })).code!);
    expect((await authorize(smart, { launch: value })).error).toBe('invalid_request');
    await expect(smart.authenticator.authenticate(`Bearer ${first.body.access_token}`)).resolves.toMatchObject({ patientId: 'p1' });
  });

  it('works once also when used twice at the same moment', async () => {
    const value = await mint(smart);
    const answers = await Promise.all(Array.from({ length: 5 }, () => authorize(smart, { launch: value })));
    expect(answers.filter((answer) => answer.code !== null)).toHaveLength(1);
    expect(answers.filter((answer) => answer.error === 'invalid_request')).toHaveLength(4);
  });

  it('is not used up by a request that is refused for another reason', async () => {
    const value = await mint(smart);
    expect((await authorize(smart, { launch: value, aud: 'https://other.example' })).error).toBe('invalid_request');
    expect((await authorize(smart, { launch: value })).code).not.toBeNull();
  });

  it('belongs to the client it was made for', async () => {
    const value = await mint(smart, { clientId: 'other-app' });
    expect((await authorize(smart, { launch: value })).error).toBe('invalid_request');
    expect((await authorize(smart, { launch: value, client_id: 'other-app' })).code).not.toBeNull();
  });

  it('of a user who is gone gives nothing', async () => {
    const { code } = await authorize(smart, { launch: await mint(smart, { userId: 'gone' }) });
    expect(code).toBeNull();
  });

  it('says nothing of the patient in itself', async () => {
    const value = await mint(smart, { patient: 'patient-with-a-long-id' });
    expect(value).toMatch(/^[\w-]{43}$/);
  });

  it('is over when the EHR session is over', async () => {
    const { state, close } = await openFileState();
    const other = await startSmartServer(state);
    const value = await mint(other);
    other.endSession();
    expect((await authorize(other, { launch: value })).error).toBe('invalid_request');
    await other.close();
    await close();
  });
});

describe('launch context in the token response', () => {
  it('is at the top level [@164 @174-176]', async () => {
    const context = {
      need_patient_banner: true,
      intent: 'show-plan',
      smart_style_url: 'https://ehr.example/style.json',
      tenant: '999999999',
      fhirContext: [{ reference: 'CarePlan/c1', role: 'launch' }],
    };
    const { body } = await launch(smart, { context });
    expect(body).toMatchObject({ patient: 'p1', encounter: 'e1', ...context });
  });

  it('has what belongs to the patient, for the scope that was granted, where the launch says nothing of it', async () => {
    const { state, close } = await openFileState();
    const fhirContext = [{ reference: 'CarePlan/c1' }, { reference: 'CareTeam/t1' }];
    const asked: unknown[] = [];
    const other = await startSmartServer(state, {
      fhirContextOf: async (session, scope) => {
        asked.push([session.launch.patient, session.claims.fhirUser, scope]);
        return scope.includes('patient/') ? fhirContext : [];
      },
    });
    const { body } = await launch(other);
    expect(body).toMatchObject({ patient: 'p1', fhirContext });
    expect(asked).toEqual([['p1', `${other.fhirBaseUrl}/Practitioner/pr1`, body.scope]]);
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: String(body.refresh_token), client_id: 'public-app' });
    expect(await (await fetch(`${other.issuer}/token`, { method: 'POST', body: form })).json()).toMatchObject({ fhirContext });
    const said = [{ reference: 'CarePlan/other' }];
    expect((await launch(other, { context: { fhirContext: said } })).body.fhirContext).toEqual(said);
    const value = await mint(other);
    const narrow = await redeem(other, (await authorize(other, { launch: value, scope: 'launch openid' })).code!);
    expect(narrow.body).not.toHaveProperty('fhirContext');
    await other.close();
    await close();
  });

  it('has need_patient_banner also when it is false [g10]', async () => {
    expect((await launch(smart)).body).toHaveProperty('need_patient_banner', false);
  });

  it('is repeated when the token is refreshed', async () => {
    const { body } = await launch(smart);
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: String(body.refresh_token), client_id: 'public-app' });
    const again = await (await fetch(`${smart.issuer}/token`, { method: 'POST', body: form })).json();
    expect(again).toMatchObject({ patient: 'p1', encounter: 'e1', need_patient_banner: false });
  });

  it('without a patient takes patient/ scopes out of what is granted [@164]', async () => {
    const value = await smart.server.mintLaunch({ clientId: 'public-app', userId: 'pr1', sessionId: 's', context: {} });
    const { body } = await redeem(smart, (await authorize(smart, { launch: value, scope: 'launch openid patient/*.rs user/*.rs' })).code!);
    expect(body).not.toHaveProperty('patient');
    expect(body.scope).toBe('launch openid user/*.rs');
  });
});
