import { describe, expect, it } from 'vitest';
import { oneSmartServer } from './one-smart-server.ts';
import { APP_REDIRECT, authorize, challengeOf, launch, mint, post, redeem, SCOPE, type SmartServer, VERIFIER } from './smart-server.ts';

let smart: SmartServer;
oneSmartServer((started) => {
  smart = started;
});

const request = (value: string, more: readonly (readonly [string, string])[] = []) =>
  new URLSearchParams([
    ['response_type', 'code'],
    ['client_id', 'public-app'],
    ['redirect_uri', APP_REDIRECT],
    ['scope', SCOPE],
    ['state', 's'],
    ['aud', smart.fhirBaseUrl],
    ['code_challenge', challengeOf(VERIFIER)],
    ['code_challenge_method', 'S256'],
    ['launch', value],
    ...more.map(([name, text]): [string, string] => [name, text]),
  ]);
const errorOf = (response: Response) => new URL(response.headers.get('location') ?? 'http://none').searchParams.get('error');

describe('a malformed request to the authorization server', () => {
  it.each(['launch', 'aud', 'scope', 'state', 'code_challenge'])('that says %s twice is refused', async (name) => {
    const query = request(await mint(smart), [[name, 'again']]);
    const response = await fetch(`${smart.issuer}/authorize?${query}`, { redirect: 'manual' });
    expect(errorOf(response) ?? (await response.text())).toContain('invalid_request');
  });

  it('that says redirect_uri twice is not redirected anywhere', async () => {
    const response = await fetch(`${smart.issuer}/authorize?${request(await mint(smart), [['redirect_uri', 'https://evil.example/']])}`, {
      redirect: 'manual',
    });
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
  });

  it('that posts a form takes nothing from the URL', async () => {
    const response = await fetch(`${smart.issuer}/authorize?${request(await mint(smart))}`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'public-app' }),
      redirect: 'manual',
    });
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
  });

  it.each(['/authorize', '/introspect', '/revoke'])('whose form is too long for %s is told 413', async (path) => {
    const response = await fetch(smart.issuer + path, { method: 'POST', body: new URLSearchParams({ token: 'x'.repeat(100_000) }) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  });

  it.each([
    ['/par', 10_000, 400],
    ['/par', 20_000, 413],
    ['/authorize', 20_000, 413],
  ])('that is kept, at %s with %i characters, is answered %i', async (path, length, status) => {
    const body = new URLSearchParams({ client_id: 'public-app', response_type: 'code', state: 'x'.repeat(length) });
    expect((await fetch(smart.issuer + path, { method: 'POST', body })).status).toBe(status);
  });

  it.each(['/reg', '/register', '/registration'])('that would register a client by itself at %s finds nothing there', async (path) => {
    const body = JSON.stringify({ redirect_uris: ['https://evil.example/'] });
    const response = await fetch(smart.issuer + path, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
    expect(response.status).toBe(404);
  });

  it('whose form is too long for the token endpoint is refused', async () => {
    expect(await post(smart, '/token', { grant_type: 'x'.repeat(100_000) })).toMatchObject({
      status: 413,
      body: { error: 'invalid_request' },
    });
  });

  it.each(['/token', '/introspect', '/revoke'])('that sends JSON to %s is refused', async (path) => {
    const response = await fetch(smart.issuer + path, {
      method: 'POST',
      body: '{"grant_type":"client_credentials"}',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  });

  it('without a grant type is refused', async () => {
    expect(await post(smart, '/token', { client_id: 'public-app' })).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it('to a path that does not exist is 404, without a stack', async () => {
    for (const path of ['', '/', '/nothing', '/authorize/123', '/.well-known/nothing', '/%00', '/..%2f..%2fetc']) {
      const response = await fetch(smart.issuer + path);
      const text = await response.text();
      expect([400, 404], path).toContain(response.status);
      expect(text).not.toMatch(/node_modules|at .*\.js:/);
    }
  });

  it.each([
    ['nb-NO', 'nb', 'Siden finnes ikke'],
    ['nn-NO', 'nn', 'Sida finst ikkje'],
    ['en-GB', 'en', 'There is no such page'],
  ])('to a path that does not exist is told to whoever reads it in %s', async (asked, language, title) => {
    for (const path of ['/nothing', '/sign-in/over', '/authorize/x', '/']) {
      const headers = { Accept: 'text/html,*/*;q=0.8', 'Accept-Language': asked };
      const answer = await fetch(smart.issuer + path, { headers });
      const text = await answer.text();
      expect([answer.status, answer.headers.get('content-language')], path).toEqual([404, language]);
      expect(text).toContain(`<html lang="${language}">`);
      expect(text).toContain(`<h1>${title}</h1>`);
      expect(text).not.toMatch(/\bat .*\.(ts|js):/);
      expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });

  it('with a cookie has nothing of it: there is no session to ride on', async () => {
    await launch(smart);
    const query = request('made-up');
    const response = await fetch(`${smart.issuer}/authorize?${query}`, {
      redirect: 'manual',
      headers: { Cookie: '_session=abc; _interaction=x' },
    });
    expect(errorOf(response)).toBe('invalid_request');
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it('may be asked about before it is sent (CORS)', async () => {
    const headers = {
      Origin: 'https://app.example',
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
    };
    const response = await fetch(`${smart.issuer}/token`, { method: 'OPTIONS', headers });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-methods')).toContain('POST');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });
});

describe('attempts to widen what was granted', () => {
  it('by a scope with a line break or control character are refused', async () => {
    for (const scope of ['launch\nsystem/*.cruds', 'launch\tpatient/*.cruds', 'launch "patient/*.rs"']) {
      const { code } = await authorize(smart, { launch: await mint(smart), scope });
      const granted = code === null ? '' : String((await redeem(smart, code)).body.scope ?? '');
      expect(granted).not.toMatch(/system|cruds/);
    }
  });

  it('by parameters of the launch context in the request have no effect', async () => {
    const { code } = await authorize(smart, { launch: await mint(smart), patient: 'p9', encounter: 'e9', fhirUser: 'Practitioner/p9' });
    const { body } = await redeem(smart, code!, { patient: 'p9', sub: 'x' });
    expect(body).toMatchObject({ patient: 'p1', encounter: 'e1' });
    await expect(smart.authenticator.authenticate(`Bearer ${body.access_token}`)).resolves.toMatchObject({
      patientId: 'p1',
      subject: 'pr1',
    });
  });

  it('by the claims parameter have no effect', async () => {
    const claims = JSON.stringify({ id_token: { fhirUser: { value: 'Practitioner/p9' }, patient: { value: 'p9' } } });
    const { code, error } = await authorize(smart, { launch: await mint(smart), claims });
    if (code === null) expect(error).toBe('invalid_request');
    else expect((await redeem(smart, code)).body.patient).toBe('p1');
  });

  it('by another response mode give the code to nobody else', async () => {
    const { response } = await authorize(smart, { launch: await mint(smart), response_mode: 'form_post' });
    const page = await response.text();
    const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1];
    expect(action === undefined || action === APP_REDIRECT).toBe(true);
    expect((await authorize(smart, { launch: await mint(smart), response_mode: 'web_message' })).code).toBeNull();
  });
});
