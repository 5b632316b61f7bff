import { describe, expect, test } from 'vitest';
import { AppError } from '../../../smart-app/src/smart/app-error.ts';
import type { Session, SessionPorts } from '../../../smart-app/src/smart/session.ts';
import { SessionKeeper } from '../../../smart-app/src/smart/session-keeper.ts';
import { WindowStorage } from '../../../smart-app/src/smart/window-storage.ts';
import { answers, testWindow } from './scripted-fetch.ts';

const NOW_MS = 1_700_000_000_000;
const OWN = 'https://shared.test/fhir';
const config = { fhirBaseUrl: OWN, tokenEndpoint: 'https://shared.test/token', clientId: 'app', issuers: [], signIn: true };
const endpoints = {
  issuer: 'https://shared.test',
  authorization_endpoint: 'https://shared.test/authorize',
  token_endpoint: 'https://shared.test/token',
  revocation_endpoint: 'https://shared.test/revoke',
  code_challenge_methods_supported: ['S256'],
};
const idToken = `e30.${Buffer.from(JSON.stringify({ iss: 'https://shared.test', aud: 'app', exp: NOW_MS / 1000 + 3600 })).toString('base64url')}.s`;
const session: Session = {
  key: 'st',
  ehr: {
    iss: OWN,
    issuer: 'https://shared.test',
    tokenEndpoint: 'https://shared.test/token',
    accessToken: 'access-1',
    idToken,
    refreshToken: 'refresh-1',
    expiresAtMs: NOW_MS + 900_000,
    patientId: 'p1',
    needPatientBanner: true,
  },
  shared: { accessToken: 'access-1', expiresAtMs: NOW_MS + 900_000, patientId: 'p1' },
};

function keeperWith(script: readonly unknown[]) {
  const host = testWindow();
  const { fetcher, calls } = answers(script);
  const ports: SessionPorts = { config, storage: new WindowStorage(host), fetcher, nowMs: () => NOW_MS };
  ports.storage.keep('session:st', session);
  const revoked = () => calls.filter(({ url }) => url.endsWith('/revoke')).map(({ body }) => Object.fromEntries(body));
  return { keeper: new SessionKeeper(session, ports), host, revoked };
}

const kindOf = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => 'no error',
    (thrown: unknown) => (thrown instanceof AppError ? thrown.kind : thrown),
  );

describe('signing out', () => {
  test('revokes the refresh token before the access token, and keeps neither [RFC 7009 2.1]', async () => {
    const { keeper, host, revoked } = keeperWith([endpoints, 200]);
    await keeper.signOut();
    expect(revoked()).toEqual([
      { token: 'refresh-1', token_type_hint: 'refresh_token', client_id: 'app' },
      { token: 'access-1', token_type_hint: 'access_token', client_id: 'app' },
    ]);
    expect(Object.keys(host.sessionStorage)).toEqual([]);
  });

  test('during a renewal revokes what the renewal gave', async () => {
    const renewed = { access_token: 'access-2', refresh_token: 'refresh-2', token_type: 'Bearer', expires_in: 900, patient: 'p1' };
    const { keeper, host, revoked } = keeperWith([renewed, endpoints, 200]);
    const renewing = keeper.token(true);
    await keeper.signOut();
    expect(await renewing).toBe('access-2');
    expect(revoked().map(({ token }) => token)).toEqual(['refresh-2', 'access-2']);
    expect(Object.keys(host.sessionStorage)).toEqual([]);
  });

  test.each([
    ['the service is away', [new TypeError('fetch failed')]],
    ['it has no place for it', [{ ...endpoints, revocation_endpoint: undefined }]],
    ['it says no', [endpoints, [400, { error: 'invalid_request' }]]],
    ['it breaks off', [endpoints, new TypeError('fetch failed')]],
  ])('tells when %s, and has forgotten the tokens', async (_why, script) => {
    const { keeper, host } = keeperWith(script);
    expect(await kindOf(keeper.signOut())).toBe('connection');
    expect(Object.keys(host.sessionStorage)).toEqual([]);
  });
});
