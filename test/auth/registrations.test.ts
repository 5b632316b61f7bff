import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClientRegistration, hashOfSecret } from '../../server/auth/clients.ts';
import { certificatePem } from '../support/certificates.ts';
import { assertion, openFileState, post, type SmartServer, startSmartServer } from './smart-server.ts';

let smart: SmartServer;
let closeState: () => Promise<void>;
beforeEach(async () => {
  const { state, close } = await openFileState();
  closeState = close;
  smart = await startSmartServer(state);
});
afterEach(async () => {
  await smart.close();
  await closeState();
});

const token = async (clientId = 'ec-system') =>
  post(smart, '/token', { grant_type: 'client_credentials', scope: 'system/*.rs', ...(await assertion(smart, clientId, smart.ecKey)) });
const register = (...clients: ClientRegistration[]) => smart.server.register({ clients, trustedIssuers: [] });
const withSecret = (secret: string): ClientRegistration => ({
  clientId: 'late-system',
  name: 'Late',
  authentication: { method: 'client_secret_basic', secretHash: hashOfSecret(secret) },
  grants: ['client_credentials'],
  scopes: ['system/Patient.rs'],
});
const bySecret = (secret: string) =>
  post(
    smart,
    '/token',
    { grant_type: 'client_credentials', scope: 'system/Patient.rs' },
    { Authorization: `Basic ${Buffer.from(`late-system:${secret}`).toString('base64')}` },
  );

describe('registering clients while the server runs', () => {
  it('lets in one that is new, by the hash of its secret', async () => {
    expect((await bySecret('first-secret')).status).toBe(401);
    register(withSecret('first-secret'));
    expect((await bySecret('first-secret')).status).toBe(200);
    expect((await bySecret('other-secret')).status).toBe(401);
    expect((await bySecret(hashOfSecret('first-secret'))).status).toBe(401);
    register(withSecret('second-secret'));
    expect((await bySecret('first-secret')).status).toBe(401);
    expect((await bySecret('second-secret')).status).toBe(200);
  });

  it('ends the tokens of one that is gone, and gives it no more', async () => {
    const { access_token } = (await token()).body;
    await expect(smart.authenticator.authenticate(`Bearer ${access_token}`)).resolves.toMatchObject({ clientId: 'ec-system' });
    register(withSecret('x'));
    await expect(smart.authenticator.authenticate(`Bearer ${access_token}`)).rejects.toMatchObject({ status: 401 });
    expect(await token()).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });

  it('says at introspection that tokens of one that is gone are none, and answers nobody who brings one', async () => {
    const { access_token } = (await token()).body;
    const bearer = (value: unknown) => ({ Authorization: `Bearer ${value}` });
    register(withSecret('first-secret'));
    const late = (await bySecret('first-secret')).body.access_token;
    const asked = { token: String(access_token) };
    expect((await post(smart, '/introspect', asked, bearer(late))).body).toEqual({ active: false });
    const basic = `Basic ${Buffer.from('late-system:first-secret').toString('base64')}`;
    expect((await post(smart, '/introspect', asked, { Authorization: basic })).body).toEqual({ active: false });
    expect((await post(smart, '/introspect', { token: String(late) }, { Authorization: basic })).body).toMatchObject({ active: true });
    expect(await post(smart, '/introspect', { token: String(late) }, bearer(access_token))).toMatchObject({ status: 401 });
  });

  it('is told in what the server says of itself', () => {
    expect(smart.server.smartConfiguration).toMatchObject({ grant_types_supported: expect.arrayContaining(['authorization_code']) });
    register(withSecret('x'));
    expect(smart.server.smartConfiguration).toMatchObject({
      grant_types_supported: ['client_credentials'],
      scopes_supported: ['system/Patient.rs'],
    });
  });
});

describe('keys by URL, as they are fetched unless told otherwise', () => {
  it.each([
    ['not from within', {}, 0],
    ['from within where the registration says so', { internalNetwork: true }, 1],
  ])('%s', async (_why, more, connections) => {
    const inside = createServer(certificatePem('first'));
    let count = 0;
    inside.on('connection', () => {
      count += 1;
    });
    await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
    const jwksUri = `https://localhost:${(inside.address() as AddressInfo).port}/jwks`;
    register({
      clientId: 'url-system',
      name: 'By URL',
      authentication: { method: 'private_key_jwt', jwksUri, ...more },
      grants: ['client_credentials'],
      scopes: ['system/*.rs'],
    });
    // Nobody vouches for the certificate, so that the keys are not had either way.
    expect(await token('url-system')).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(count).toBe(connections);
    inside.closeAllConnections();
    inside.close();
  });
});
