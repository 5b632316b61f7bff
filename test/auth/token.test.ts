import { describe, expect, it } from 'vitest';
import { oneSmartServer } from './one-smart-server.ts';
import {
  assertion,
  authorize,
  challengeOf,
  launch,
  mint,
  openFileState,
  post,
  redeem,
  SCOPE,
  type SmartServer,
  startSmartServer,
  VERIFIER,
} from './smart-server.ts';

let smart: SmartServer;
oneSmartServer((started) => {
  smart = started;
});

const code = async (params: Record<string, string> = {}) =>
  (await authorize(smart, { launch: await mint(smart, { clientId: params.client_id ?? 'public-app' }), ...params })).code!;
const claimsOf = (jwt: unknown) => JSON.parse(Buffer.from(String(jwt).split('.')[1]!, 'base64url').toString());
const basic = (id: string, secret: string) => ({ Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` });
const works = (token: unknown) => smart.authenticator.authenticate(`Bearer ${token}`);

describe('the token response', () => {
  it('has access_token, token_type, expires_in and scope [@73-75 @78 @84]', async () => {
    const { status, body } = await launch(smart);
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 900, scope: SCOPE });
  });

  it('must not be cached [@86 @87]', async () => {
    const { headers } = await launch(smart);
    expect(headers.get('cache-control')).toContain('no-store');
    expect(headers.get('pragma')).toBe('no-cache');
    expect(headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('has the scopes that name no resource as well [g10 scopes]', async () => {
    const { body } = await launch(smart);
    expect(String(body.scope).split(' ')).toEqual(expect.arrayContaining(['launch', 'openid', 'fhirUser', 'offline_access']));
  });

  it('grants less where less is allowed, and says so', async () => {
    const { body } = await launch(smart, { scope: 'launch patient/*.cruds' });
    expect(body.scope).toBe('launch patient/*.rs patient/Observation.cruds?category=survey');
  });

  it('gives v1 scopes back as v1 [@128]', async () => {
    const { body } = await launch(smart, { scope: 'launch openid patient/Patient.read patient/Observation.read' });
    expect(body.scope).toBe('launch openid patient/Patient.read patient/Observation.read');
    await expect(works(body.access_token)).resolves.toMatchObject({
      scopes: [{ type: 'Patient', read: true, search: true, create: false }, {}],
    });
  });

  it('is open to the origin of the app, and to no other web page [@17]', async () => {
    const own = await redeem(smart, await code(), {}, { Origin: 'https://app.example' });
    expect(own.headers.get('access-control-allow-origin')).toBe('https://app.example');
    const other = await redeem(smart, await code(), {}, { Origin: 'https://evil.example' });
    expect(other.status).toBe(400);
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('the access token', () => {
  it('is an RS256 JWT of the issuer for exactly the FHIR base', async () => {
    const { body } = await launch(smart);
    const header = JSON.parse(Buffer.from(String(body.access_token).split('.')[0]!, 'base64url').toString());
    expect(header).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: smart.server.publicKey.kid });
    expect(claimsOf(body.access_token)).toMatchObject({
      iss: smart.issuer,
      aud: smart.fhirBaseUrl,
      client_id: 'public-app',
      sub: 'pr1',
      patient: 'p1',
    });
  });

  it('is a principal with user and patient at the FHIR API', async () => {
    const { body } = await launch(smart);
    await expect(works(body.access_token)).resolves.toMatchObject({
      fhirUser: 'Practitioner/pr1',
      patientId: 'p1',
      clientId: 'public-app',
    });
  });
});

describe('a code', () => {
  const spoilt: readonly (readonly [why: string, fields: Record<string, string | undefined>])[] = [
    ['no verifier [@31]', { code_verifier: undefined }],
    ['a blank verifier', { code_verifier: '' }],
    ['a wrong verifier', { code_verifier: `${VERIFIER}x` }],
    ['the challenge as verifier', { code_verifier: challengeOf(VERIFIER) }],
    ['another redirect URI', { redirect_uri: 'https://app.example/other' }],
    ['no redirect URI', { redirect_uri: undefined }],
    ['another client', { client_id: 'other-app' }],
  ];
  it.each(spoilt)('is refused with %s, 400 or 401', async (_why, fields) => {
    const { status, body } = await redeem(smart, await code(), fields);
    expect([400, 401]).toContain(status);
    expect(body).not.toHaveProperty('access_token');
    expect(['invalid_grant', 'invalid_request']).toContain(body.error);
  });

  it('that was never given is refused with 400 [g10]', async () => {
    expect(await redeem(smart, 'BAD_CODE')).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('of an unknown client is refused with 401 [g10]', async () => {
    expect(await redeem(smart, await code(), { client_id: 'BAD_CLIENT_ID' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
  });

  it('is good once; its replay ends the session that it opened and no other [@58]', async () => {
    const other = await launch(smart);
    const value = await code();
    const first = await redeem(smart, value);
    expect(await redeem(smart, value)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    await expect(works(first.body.access_token)).rejects.toMatchObject({ status: 401 });
    await expect(works(other.body.access_token)).resolves.toBeDefined();
  });

  it('is good once also when redeemed several times at the same moment', async () => {
    const value = await code();
    const answers = await Promise.all(Array.from({ length: 5 }, () => redeem(smart, value)));
    expect(answers.filter((answer) => answer.status === 200).length).toBeLessThanOrEqual(1);
    expect(answers.filter((answer) => answer.body.error === 'invalid_grant').length).toBeGreaterThanOrEqual(4);
  });
});

describe('clients show who they are', () => {
  it('by a secret over HTTP Basic', async () => {
    const value = await code({ client_id: 'secret-app' });
    expect(await redeem(smart, value, { client_id: undefined }, basic('secret-app', 'hemmelig-og-lang-nok'))).toMatchObject({
      status: 200,
    });
  });

  it('by a signed JWT (ES384)', async () => {
    const value = await code({ client_id: 'key-app' });
    expect(await redeem(smart, value, { client_id: undefined, ...(await assertion(smart, 'key-app', smart.ecKey)) })).toMatchObject({
      status: 200,
    });
  });

  const wrong: readonly (readonly [why: string, fields: Record<string, string | undefined>, headers: Record<string, string>])[] = [
    ['with a wrong secret', { client_id: undefined }, basic('secret-app', 'feil-hemmelighet')],
    ['with no secret', { client_id: 'secret-app' }, {}],
    ['with the secret in the form', { client_id: 'secret-app', client_secret: 'hemmelig-og-lang-nok' }, {}],
    ['with another client beside the secret', { client_id: 'public-app' }, basic('secret-app', 'hemmelig-og-lang-nok')],
  ];
  it.each(wrong)('and are refused %s', async (_why, fields, headers) => {
    const { status, body } = await redeem(smart, await code({ client_id: 'secret-app' }), fields, headers);
    expect([400, 401]).toContain(status);
    expect(['invalid_client', 'invalid_request']).toContain(body.error);
  });
});

describe('refreshing', () => {
  const refresh = (token: unknown, fields: Record<string, string> = {}) =>
    post(smart, '/token', { grant_type: 'refresh_token', refresh_token: String(token), client_id: 'public-app', ...fields });

  it('gives a new access token, id_token and refresh token [@109 @110-114]', async () => {
    const { body } = await launch(smart);
    const again = await refresh(body.refresh_token);
    expect(again).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 900, scope: SCOPE, patient: 'p1' } });
    expect(again.body.refresh_token).not.toBe(body.refresh_token);
    expect(claimsOf(again.body.id_token)).toMatchObject({ sub: 'pr1' });
    expect(again.headers.get('pragma')).toBe('no-cache');
  });

  it('may ask for fewer scopes and not for more [@103 @104]', async () => {
    const { body } = await launch(smart);
    const fewer = await refresh(body.refresh_token, { scope: 'launch patient/*.rs' });
    expect(fewer.body.scope).toBe('launch patient/*.rs');
    expect(await refresh(fewer.body.refresh_token, { scope: 'patient/*.cruds' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_scope' },
    });
  });

  it('belongs to the client [@103]', async () => {
    const { body } = await launch(smart);
    expect(await refresh(body.refresh_token, { client_id: 'other-app' })).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('with a random token is refused [g10]', async () => {
    expect(await refresh('random')).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('with a token that was rotated away ends the whole session: somebody has stolen one', async () => {
    const { body } = await launch(smart);
    const second = await refresh(body.refresh_token);
    expect(await refresh(body.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await refresh(second.body.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    await expect(works(second.body.access_token)).rejects.toMatchObject({ status: 401 });
  });

  it('is not offered unless offline_access or online_access was asked for', async () => {
    expect((await launch(smart, { scope: 'launch patient/*.rs' })).body).not.toHaveProperty('refresh_token');
    expect((await launch(smart, { scope: 'launch online_access patient/*.rs' })).body).toHaveProperty('refresh_token');
  });

  it('of online_access ends with the EHR session, of offline_access it does not', async () => {
    const { state, close } = await openFileState();
    const ehr = await startSmartServer(state);
    const online = await launch(ehr, { scope: 'launch online_access patient/*.rs' });
    const offline = await launch(ehr);
    ehr.endSession();
    const again = (token: unknown) =>
      post(ehr, '/token', { grant_type: 'refresh_token', refresh_token: String(token), client_id: 'public-app' });
    expect((await again(online.body.refresh_token)).body.error).toBe('invalid_grant');
    expect((await again(offline.body.refresh_token)).status).toBe(200);
    await ehr.close();
    await close();
  });

  it('ends when what the session lives by has run out, without anybody having ended it', async () => {
    const { state, close } = await openFileState();
    const asked: unknown[] = [];
    let holds = true;
    const ehr = await startSmartServer(state, {
      mayContinue: async ({ launch: { patient } }) => {
        asked.push(patient);
        return holds;
      },
    });
    const again = (token: unknown) =>
      post(ehr, '/token', { grant_type: 'refresh_token', refresh_token: String(token), client_id: 'public-app' });
    const { body } = await launch(ehr);
    expect(asked).toEqual(['p1']);
    const renewed = await again(body.refresh_token);
    expect([renewed.status, asked]).toEqual([200, ['p1', 'p1']]);
    holds = false;
    const refused = await again(renewed.body.refresh_token);
    expect([refused.status, refused.body.error]).toEqual([400, 'invalid_grant']);
    expect(refused.body).not.toHaveProperty('patient');
    const begun = await authorize(ehr, { launch: await mint(ehr) });
    expect([begun.code, begun.error]).toEqual([null, 'access_denied']);
    expect(await state.list('auth/test/grant-context', 10)).toHaveLength(1);
    await ehr.close();
    await close();
  });
});
