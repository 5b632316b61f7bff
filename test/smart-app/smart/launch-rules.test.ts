import { describe, expect, test } from 'vitest';
import { type AppConfig, readConfig } from '../../../smart-app/src/app/config.ts';
import { AppError } from '../../../smart-app/src/smart/app-error.ts';
import { startLaunch } from '../../../smart-app/src/smart/authorize.ts';
import { checkIdToken } from '../../../smart-app/src/smart/id-token.ts';
import { codeChallenge, randomValue } from '../../../smart-app/src/smart/pkce.ts';
import { WindowStorage } from '../../../smart-app/src/smart/window-storage.ts';
import { answers, testWindow } from './scripted-fetch.ts';

const config: AppConfig = {
  fhirBaseUrl: 'https://shared.test/fhir',
  tokenEndpoint: 'https://shared.test/token',
  clientId: 'shared-client',
  issuers: [{ iss: 'https://ehr.test/fhir', clientId: 'ehr-client', name: 'EHR' }],
};

const smartConfiguration = {
  issuer: 'https://ehr.test',
  authorization_endpoint: 'https://ehr.test/authorize?tenant=a',
  token_endpoint: 'https://ehr.test/token',
  code_challenge_methods_supported: ['S256'],
};

const launch = (search: string, fetcher: typeof fetch = answers([smartConfiguration]).fetcher, storage = new WindowStorage(testWindow())) =>
  startLaunch({ search, redirectUri: 'https://app.test/app/', config, storage, fetcher });

const kindOf = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => 'no error',
    (thrown: unknown) => (thrown instanceof AppError ? thrown.kind : thrown),
  );

describe('PKCE', () => {
  test('the challenge of the RFC’s own verifier [RFC 7636 appendix B]', async () => {
    expect(await codeChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
  });

  test('a random value is 43 characters of base64url, another each time', () => {
    const values = Array.from({ length: 50 }, randomValue);
    expect(new Set(values).size).toBe(50);
    for (const value of values) expect(value).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });
});

describe('start of a launch', () => {
  test('asks the EHR for a code with launch, aud, state, nonce and an S256 challenge', async () => {
    const url = await launch('?iss=https%3A%2F%2Fehr.test%2Ffhir&launch=abc');
    expect(url.origin + url.pathname).toBe('https://ehr.test/authorize');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      tenant: 'a',
      response_type: 'code',
      client_id: 'ehr-client',
      redirect_uri: 'https://app.test/app/',
      aud: 'https://ehr.test/fhir',
      launch: 'abc',
      code_challenge_method: 'S256',
    });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(url.searchParams.get(name), name).toMatch(/^[\w-]{43}$/);
  });

  test('the verifier stays in the window and is not in the address', async () => {
    const storage = new WindowStorage(testWindow());
    const url = await launch('?iss=https%3A%2F%2Fehr.test%2Ffhir&launch=abc', undefined, storage);
    const pending = storage.take(`launch:${url.searchParams.get('state')}`) as { codeVerifier: string };
    expect(url.href).not.toContain(pending.codeVerifier);
    expect(await codeChallenge(pending.codeVerifier)).toBe(url.searchParams.get('code_challenge'));
  });

  test('at the shared service itself asks for a patient to be chosen, and sends no launch of anybody’s', async () => {
    const shared = { ...smartConfiguration, issuer: 'https://shared.test', authorization_endpoint: 'https://shared.test/authorize' };
    const search = '?iss=https%3A%2F%2Fshared.test%2Ffhir&launch=abc';
    const storage = new WindowStorage(testWindow());
    const at = { search, redirectUri: 'https://app.test/app/', storage, fetcher: answers([shared]).fetcher };
    const url = await startLaunch({ ...at, config: { ...config, signIn: true }, language: 'nn' });
    expect(url.origin + url.pathname).toBe('https://shared.test/authorize');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ client_id: 'shared-client', aud: 'https://shared.test/fhir' });
    expect(url.searchParams.get('scope')?.split(' ')).toContain('launch/patient');
    expect(url.searchParams.has('launch')).toBe(false);
    expect(url.searchParams.get('ui_locales')).toBe('nn');
  });

  test('a slash at the end of iss makes no difference', async () => {
    expect((await launch('?iss=https%3A%2F%2Fehr.test%2Ffhir%2F&launch=abc')).searchParams.get('aud')).toBe('https://ehr.test/fhir');
  });

  test.each([
    ['without anything', '', 'no-launch'],
    ['without launch at an EHR', '?iss=https%3A%2F%2Fehr.test%2Ffhir', 'no-launch'],
    ['without iss', '?launch=abc', 'no-launch'],
    ['from an EHR that is not configured', '?iss=https%3A%2F%2Fevil.test%2Ffhir&launch=abc', 'unknown-issuer'],
    ['at the shared service where nobody signs in', '?iss=https%3A%2F%2Fshared.test%2Ffhir', 'unknown-issuer'],
    ['from a name that begins like a configured one', '?iss=https%3A%2F%2Fehr.test%2Ffhir.evil.test&launch=abc', 'unknown-issuer'],
  ])('is refused %s', async (_why, search, kind) => {
    expect(await kindOf(launch(search))).toBe(kind);
  });

  test('an unknown EHR is asked nothing', async () => {
    const { fetcher, calls } = answers([]);
    await kindOf(launch('?iss=https%3A%2F%2Fevil.test%2Ffhir&launch=abc', fetcher));
    expect(calls).toEqual([]);
  });

  test.each([
    ['has no S256', { ...smartConfiguration, code_challenge_methods_supported: ['plain'] }, 'launch-refused'],
    ['has no token endpoint', { ...smartConfiguration, token_endpoint: undefined }, 'launch-refused'],
    ['answers 404', 404, 'connection'],
    ['does not answer', new TypeError('fetch failed'), 'connection'],
  ])('is refused when the EHR %s', async (_why, answer, kind) => {
    expect(await kindOf(launch('?iss=https%3A%2F%2Fehr.test%2Ffhir&launch=abc', answers([answer]).fetcher))).toBe(kind);
  });
});

describe('id_token', () => {
  const claims = { iss: 'https://ehr.test', aud: 'ehr-client', exp: 2_000, nonce: 'n', locale: 'nn', name: 'Åse' };
  const expected = { issuer: 'https://ehr.test', clientId: 'ehr-client', nonce: 'n', nowMs: 1_000_000 };
  const jwt = (payload: object): string => `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.s`;

  test('a right one gives its claims', () => {
    expect(checkIdToken(jwt(claims), expected)).toEqual(claims);
    expect(checkIdToken(jwt({ ...claims, aud: ['x', 'ehr-client'], azp: 'ehr-client' }), expected).locale).toBe('nn');
  });

  test.each([
    ['of another issuer', { ...claims, iss: 'https://evil.test' }, 'iss'],
    ['for another app', { ...claims, aud: 'other' }, 'aud'],
    ['for several apps, given to another', { ...claims, aud: ['ehr-client', 'other'], azp: 'other' }, 'azp'],
    ['of another launch', { ...claims, nonce: 'm' }, 'nonce'],
    ['without nonce', { ...claims, nonce: undefined }, 'nonce'],
    ['that has expired', { ...claims, exp: 900 }, 'exp'],
    ['without exp', { ...claims, exp: undefined }, 'exp'],
  ])('one %s is refused', (_why, payload, claim) => {
    expect(() => checkIdToken(jwt(payload), expected)).toThrow(new RegExp(`id_token: ${claim}`));
  });

  test('one minute of clock skew is allowed', () => {
    expect(checkIdToken(jwt({ ...claims, exp: 950 }), expected).exp).toBe(950);
  });

  test.each(['', 'a.b', 'not a token', 'a.%%%.c'])('"%s" is no token', (token) => {
    expect(() => checkIdToken(token, expected)).toThrow('id_token: not a JWT');
  });
});

describe('config.json', () => {
  test('base URLs lose the slash at the end', () => {
    expect(readConfig({ ...config, fhirBaseUrl: 'https://shared.test/fhir/' }).fhirBaseUrl).toBe('https://shared.test/fhir');
  });

  test.each([
    ['nothing', undefined, 'fhirBaseUrl'],
    ['no token endpoint', { ...config, tokenEndpoint: undefined }, 'tokenEndpoint'],
    ['an issuer without client id', { ...config, issuers: [{ iss: 'https://ehr.test', name: 'EHR' }] }, 'issuers'],
  ])('%s is refused, naming the member', (_why, value, member) => {
    expect(() => readConfig(value)).toThrow(new RegExp(`config.json: ${member}`));
  });
});
