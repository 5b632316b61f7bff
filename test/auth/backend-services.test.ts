import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { fetchClientToken } from '../../server/auth/client-token.ts';
import {
  DEMO_SYSTEMS,
  demoClientKey,
  demoSystemClients,
  sharedServiceAtEhr,
  sharedServiceCredentials,
} from '../../server/auth/demo-clients.ts';
import { refusalForOperator } from '../../server/auth/exchange-refusal.ts';
import { oneSmartServer } from './one-smart-server.ts';
import { assertion, openFileState, post, type SmartServer, startSmartServer } from './smart-server.ts';

let smart: SmartServer;
oneSmartServer((started) => {
  smart = started;
});

const system = async (
  fields: Record<string, string | undefined> = {},
  spoil: Parameters<typeof assertion>[3] = {},
  id = 'rsa-system',
  key: JWK = smart.rsaKey,
) =>
  post(smart, '/token', {
    grant_type: 'client_credentials',
    scope: 'system/Patient.rs',
    ...(await assertion(smart, id, key, spoil)),
    ...fields,
  });

describe('backend services', () => {
  it('get a token by RS384 and by ES384 [@253-256 @310]', async () => {
    expect(await system()).toMatchObject({ status: 200, body: { token_type: 'Bearer', scope: 'system/Patient.rs' } });
    expect(await system({}, {}, 'ec-system', smart.ecKey)).toMatchObject({ status: 200 });
  });

  it('get it for 300 seconds at most and without a refresh token [@248 @262]', async () => {
    const { body } = await system();
    expect(body.expires_in).toBe(300);
    expect(body).not.toHaveProperty('refresh_token');
    expect(body).not.toHaveProperty('id_token');
  });

  it('get no more than is registered [@250]', async () => {
    expect((await system({ scope: 'system/*.cruds' })).body.scope).toBe('system/*.rs system/Patient.cruds');
  });

  it('get no scopes of users', async () => {
    expect(await system({ scope: 'user/*.rs patient/*.rs openid launch' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_scope' },
    });
    const missing = { error: 'invalid_scope', error_description: 'scope is missing: it names what is asked for' };
    expect(await system({ scope: undefined })).toMatchObject({ status: 400, body: missing });
  });

  it('act for their organisation', async () => {
    const { body } = await system();
    await expect(smart.authenticator.authenticate(`Bearer ${body.access_token}`)).resolves.toMatchObject({
      clientId: 'rsa-system',
      subject: 'rsa-system',
      organizationNumber: '999999999',
      scopes: [{ level: 'system', type: 'Patient', read: true, search: true }],
    });
  });

  it('may name the issuer as audience of the assertion', async () => {
    expect((await system({}, { claims: { aud: smart.issuer } })).status).toBe(200);
  });

  it('are told 400 for a grant type that does not exist [@251]', async () => {
    expect(await system({ grant_type: 'not_a_grant_type' })).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } });
  });

  it('cannot redeem codes or passwords', async () => {
    expect((await system({ grant_type: 'password', username: 'a', password: 'b' })).status).toBe(400);
    expect((await system({ grant_type: 'authorization_code', code: 'x', redirect_uri: 'https://app.example/' })).status).toBe(400);
  });
});

describe('a client assertion is refused', () => {
  const spoilt: readonly (readonly [why: string, spoil: Parameters<typeof assertion>[3], told: string])[] = [
    ['for another audience', { claims: { aud: 'https://other.example/token' } }, 'audience (aud) must equal'],
    ['with another issuer [@337]', { claims: { iss: 'ec-system' } }, 'iss (JWT issuer) must be the client_id'],
    ['with a subject that is not its issuer', { claims: { sub: 'ec-system' } }, 'iss (JWT issuer) must be the client_id'],
    ['without jti [@336]', { claims: { jti: undefined } }, 'unique jti (JWT ID) must be provided'],
    ['without exp', { claims: { exp: undefined } }, 'expiration must be specified'],
    ['when it has expired', { seconds: -60 }, 'jwt expired'],
    ['when it would live longer than five minutes', { seconds: 3600 }, 'exp too far ahead'],
    ['with a key id that is not registered [@338]', { header: { kid: 'another' } }, 'no applicable key found'],
    ['with a jku that is not registered [@338]', { header: { jku: 'https://evil.example/jwks' } }, 'jku is not the registered one'],
    ['that names no key [@338]', { header: { kid: undefined } }, 'kid is missing'],
    ['when it is not valid yet', { claims: { nbf: Math.floor(Date.now() / 1000) + 600 } }, 'jwt not active yet'],
  ];
  it.each(spoilt)('%s: 401 invalid_client [@335-342], and the log says why', async (_why, spoil, told) => {
    expect(await system({}, spoil)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(smart.events.at(-1)).toMatchObject({ what: 'token', reason: expect.stringContaining(`invalid_client; ${told}`) });
  });

  it('when it comes a second time [@336]', async () => {
    const fields = await assertion(smart, 'rsa-system', smart.rsaKey);
    const once = { grant_type: 'client_credentials', scope: 'system/Patient.rs', ...fields };
    expect((await post(smart, '/token', once)).status).toBe(200);
    expect(await post(smart, '/token', once)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    const reason = 'invalid_client; client assertion tokens must only be used once';
    expect(smart.events.at(-1)).toEqual({ level: 'info', issuer: 'test', what: 'token', reason, clientId: 'rsa-system' });
  });

  it('and nothing of what was sent comes into the log with the reason', () => {
    for (const error_detail of ['Unexpected token \'K\', "Kari" is not valid JSON', 'jti 17834201585', 'x'.repeat(200), undefined]) {
      expect(refusalForOperator({ error: 'invalid_client', ...(error_detail === undefined ? {} : { error_detail }) })).toBe(
        'invalid_client',
      );
    }
    expect(refusalForOperator({ error: 'invalid_scope', error_detail: 'jwt expired' })).toBe('invalid_scope');
  });

  it('when it comes several times at once, but for one', async () => {
    const once = { grant_type: 'client_credentials', scope: 'system/Patient.rs', ...(await assertion(smart, 'rsa-system', smart.rsaKey)) };
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(smart, '/token', once)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.body.error === 'invalid_client')).toHaveLength(4);
  });

  it('signed with the key of another client', async () => {
    expect(await system({}, {}, 'rsa-system', { ...smart.ecKey })).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });

  it('unsigned (alg none)', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: 'rsa-system', sub: 'rsa-system', aud: `${smart.issuer}/token`, exp: now + 60, jti: 'none' };
    const jwt = `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
    expect(await system({ client_assertion: jwt })).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });

  it('of a type that does not exist [@251]', async () => {
    expect([400, 401]).toContain((await system({ client_assertion_type: 'not_an_assertion_type' })).status);
  });

  it('that is no JWT', async () => {
    expect([400, 401]).toContain((await system({ client_assertion: 'rubbish' })).status);
  });

  it('of a client that is unknown', async () => {
    expect(await system({}, {}, 'nobody')).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });
});

describe('a client registered by the URL of its keys [@296]', () => {
  it('is verified with what is published there, and with nothing else', async () => {
    const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...published } = smart.rsaKey;
    const keys = createServer((_req, res) => res.setHeader('Content-Type', 'application/json').end(JSON.stringify({ keys: [published] })));
    await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
    const jwksUri = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks`;
    const { state, close } = await openFileState();
    const client = {
      clientId: 'url-system',
      name: 'By URL',
      authentication: { method: 'private_key_jwt', jwksUri },
      grants: ['client_credentials'],
      scopes: ['system/*.rs'],
    } as const;
    const plainFetch: typeof fetch = (url, init) => fetch(url, { method: init?.method ?? 'GET' });
    const server = await startSmartServer(state, { clients: [client], fetch: plainFetch });
    const ask = async (key: JWK, header = {}) =>
      post(server, '/token', {
        grant_type: 'client_credentials',
        scope: 'system/*.rs',
        ...(await assertion(server, 'url-system', key, { header })),
      });
    expect((await ask(smart.rsaKey)).status).toBe(200);
    expect((await ask(smart.rsaKey, { jku: jwksUri })).status).toBe(200);
    expect((await ask(smart.rsaKey, { jku: `${jwksUri}/../other` })).body.error).toBe('invalid_client');
    expect((await ask(smart.ecKey)).body.error).toBe('invalid_client');
    await server.close();
    await close();
    keys.close();
  });

  it('is not fetched from the internal network by default', async () => {
    const asked: string[] = [];
    const inside = createServer((req, res) => {
      asked.push(req.url ?? '');
      res.end('{"keys":[]}');
    });
    await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
    const jwksUri = `http://127.0.0.1:${(inside.address() as AddressInfo).port}/admin`;
    const { state, close } = await openFileState();
    const client = {
      clientId: 'url-system',
      name: 'By URL',
      authentication: { method: 'private_key_jwt', jwksUri },
      grants: ['client_credentials'],
      scopes: ['system/*.rs'],
    } as const;
    const server = await startSmartServer(state, { clients: [client] });
    const answer = await post(server, '/token', {
      grant_type: 'client_credentials',
      scope: 'system/*.rs',
      ...(await assertion(server, 'url-system', smart.rsaKey)),
    });
    expect(answer.body.error).toBe('invalid_client');
    expect(asked).toEqual([]);
    await server.close();
    await close();
    inside.close();
  });
});

describe('the demo clients', () => {
  it('have keys of their own, made once, that only the owner can read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fellesplan-keys-'));
    const keys = await Promise.all(DEMO_SYSTEMS.map((client) => demoClientKey(folder, client)));
    expect(new Set(keys.map((key) => key.kid)).size).toBe(3);
    expect(await demoClientKey(folder, 'admin-system')).toEqual(keys[2]);
    const file = join(folder, 'keys', 'admin-system.private.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, 'utf8'))).toHaveProperty('d');
    await rm(folder, { recursive: true });
  });

  it('agree on one key when two processes start at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fellesplan-keys-'));
    const keys = await Promise.all(Array.from({ length: 4 }, () => demoClientKey(folder, 'hospital-system')));
    expect(new Set(keys.map((key) => key.kid)).size).toBe(1);
    await rm(folder, { recursive: true });
  });

  it('get a token the real way, and are registered with public keys only', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fellesplan-keys-'));
    const { state, close } = await openFileState();
    const clients = [...(await demoSystemClients(folder)), await sharedServiceAtEhr(folder)];
    expect(JSON.stringify(clients)).not.toContain('"d":');
    const server = await startSmartServer(state, { clients });
    const privateKey = await demoClientKey(folder, 'municipality-system');
    const tokenUrl = `${server.issuer}/token`;
    const token = await fetchClientToken({ tokenUrl, clientId: 'municipality-system', privateKey, scope: 'system/*.cruds' });
    expect(token).toMatchObject({ scope: 'system/*.cruds', expiresInSeconds: 300 });
    await expect(server.authenticator.authenticate(`Bearer ${token.accessToken}`)).resolves.toMatchObject({
      clientId: 'municipality-system',
    });
    const refused = fetchClientToken({ tokenUrl, clientId: 'municipality-system', privateKey, scope: 'user/*.rs' });
    await expect(refused).rejects.toThrow(/No token for municipality-system: invalid_scope/);
    const service = await sharedServiceCredentials(folder);
    await expect(fetchClientToken({ tokenUrl, ...service, scope: 'system/*.rs' })).rejects.toThrow(/invalid_request/);
    await server.close();
    await close();
    await rm(folder, { recursive: true });
  });
});
