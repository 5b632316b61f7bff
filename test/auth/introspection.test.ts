import { describe, expect, it } from 'vitest';
import { oneSmartServer } from './one-smart-server.ts';
import { assertion, launch, post, type SmartServer } from './smart-server.ts';

let smart: SmartServer;
oneSmartServer((started) => {
  smart = started;
});

const introspect = async (token: unknown) =>
  post(smart, '/introspect', { token: String(token), ...(await assertion(smart, 'rsa-system', smart.rsaKey)) });
const systemToken = async (scope = 'system/Patient.rs') => {
  const fields = { grant_type: 'client_credentials', scope, ...(await assertion(smart, 'rsa-system', smart.rsaKey)) };
  return (await post(smart, '/token', fields)).body.access_token;
};
const claimsOf = (jwt: unknown) => JSON.parse(Buffer.from(String(jwt).split('.')[1]!, 'base64url').toString());

describe('introspection', () => {
  it('says of a live token what the token response said [@95 @273-279]', async () => {
    const { body } = await launch(smart);
    const answer = await introspect(body.access_token);
    const idToken = claimsOf(body.id_token);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        active: true,
        client_id: 'public-app',
        scope: body.scope,
        patient: 'p1',
        encounter: 'e1',
        iss: idToken.iss,
        sub: idToken.sub,
        fhirUser: idToken.fhirUser,
      },
    });
    expect(answer.body.exp).toBe(claimsOf(body.access_token).exp);
  });

  it('repeats the whole launch context [@277]', async () => {
    const context = { intent: 'show-plan', tenant: '999999999', fhirContext: [{ reference: 'CarePlan/c1' }], need_patient_banner: true };
    const { body } = await launch(smart, { context });
    expect((await introspect(body.access_token)).body).toMatchObject(context);
  });

  it('says of what is no token that it is not active, and nothing more', async () => {
    for (const token of ['invalid_token_value', 'a.b.c', '']) {
      const answer = await introspect(token);
      if (token !== '') expect(answer).toMatchObject({ status: 200, body: { active: false } });
      expect(Object.keys(answer.body)).not.toContain('scope');
    }
    expect((await introspect('invalid_token_value')).body).toEqual({ active: false });
  });

  it('does not take the id of a token for the token', async () => {
    const { body } = await launch(smart);
    expect((await introspect(claimsOf(body.access_token).jti)).body).toEqual({ active: false });
  });

  it('does not take a token that was tampered with', async () => {
    const { body } = await launch(smart);
    const [head, , signature] = String(body.access_token).split('.');
    const forged = Buffer.from(JSON.stringify({ ...claimsOf(body.access_token), patient: 'p2' })).toString('base64url');
    expect((await introspect(`${head}.${forged}.${signature}`)).body).toEqual({ active: false });
  });

  it('does not take an id_token for an access token', async () => {
    const { body } = await launch(smart);
    expect((await introspect(body.id_token)).body).toEqual({ active: false });
  });

  it('is refused without client authentication', async () => {
    const { body } = await launch(smart);
    const answer = await post(smart, '/introspect', { token: String(body.access_token) });
    expect([400, 401]).toContain(answer.status);
    expect(answer.body).not.toHaveProperty('active');
  });

  it('tells a public client of its own tokens only', async () => {
    const { body } = await launch(smart);
    expect((await post(smart, '/introspect', { token: String(body.access_token), client_id: 'public-app' })).body.active).toBe(true);
    expect((await post(smart, '/introspect', { token: String(body.access_token), client_id: 'other-app' })).body).toEqual({
      active: false,
    });
  });

  it('takes a Bearer token of a backend service, for tokens of any client [@282 @283]', async () => {
    const { body } = await launch(smart);
    const bearer = { Authorization: `Bearer ${await systemToken()}` };
    const answer = await post(smart, '/introspect', { token: String(body.access_token) }, bearer);
    expect(answer).toMatchObject({
      status: 200,
      body: { active: true, client_id: 'public-app', scope: body.scope, patient: 'p1', sub: 'pr1' },
    });
    expect((await post(smart, '/introspect', { token: 'rubbish' }, bearer)).body).toEqual({ active: false });
    expect((await post(smart, '/introspect', {}, bearer)).status).toBe(400);
  });

  it('does not take the Bearer token of a user, nor a bad one', async () => {
    const { body } = await launch(smart);
    const user = await post(smart, '/introspect', { token: String(body.access_token) }, { Authorization: `Bearer ${body.access_token}` });
    expect(user).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } });
    const bad = await post(smart, '/introspect', { token: String(body.access_token) }, { Authorization: 'Bearer rubbish' });
    expect(bad).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
    expect(bad.headers.get('www-authenticate')).toContain('invalid_token');
  });

  it('knows the tokens of backend services', async () => {
    const token = await systemToken();
    expect((await introspect(token)).body).toMatchObject({ active: true, client_id: 'rsa-system', organization_number: '999999999' });
  });

  it('knows refresh tokens', async () => {
    const { body } = await launch(smart);
    expect((await introspect(body.refresh_token)).body).toMatchObject({ active: true, client_id: 'public-app' });
  });
});

describe('revocation', () => {
  const revoke = (token: unknown, client = 'public-app') => post(smart, '/revoke', { token: String(token), client_id: client });
  const refresh = (token: unknown) =>
    post(smart, '/token', { grant_type: 'refresh_token', refresh_token: String(token), client_id: 'public-app' });

  it('of an access token takes effect at once, everywhere [g10 revocation]', async () => {
    const { body } = await launch(smart);
    expect((await revoke(body.access_token)).status).toBe(200);
    await expect(smart.authenticator.authenticate(`Bearer ${body.access_token}`)).rejects.toMatchObject({
      status: 401,
      issues: [{ code: 'login' }],
    });
    expect((await introspect(body.access_token)).body).toEqual({ active: false });
    expect((await refresh(body.refresh_token)).body.error).toBe('invalid_grant');
  });

  it('of a refresh token ends the session with its access tokens', async () => {
    const { body } = await launch(smart);
    expect((await revoke(body.refresh_token)).status).toBe(200);
    expect((await refresh(body.refresh_token)).body.error).toBe('invalid_grant');
    await expect(smart.authenticator.authenticate(`Bearer ${body.access_token}`)).rejects.toMatchObject({ status: 401 });
  });

  it('does nothing to the tokens of another client, and does not say so', async () => {
    const { body } = await launch(smart);
    expect((await revoke(body.access_token, 'other-app')).status).toBe(200);
    await expect(smart.authenticator.authenticate(`Bearer ${body.access_token}`)).resolves.toBeDefined();
  });

  it('of what is no token is answered like any other [RFC 7009]', async () => {
    expect((await revoke('rubbish')).status).toBe(200);
    expect((await revoke('a.b.c')).status).toBe(200);
  });

  it('of one launch leaves another alone', async () => {
    const [one, two] = [await launch(smart, { patient: 'p1' }), await launch(smart, { patient: 'p2' })];
    await revoke(one.body.refresh_token);
    await expect(smart.authenticator.authenticate(`Bearer ${two.body.access_token}`)).resolves.toMatchObject({ patientId: 'p2' });
  });
});
