import { createRemoteJWKSet, jwtVerify } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { oneSmartServer } from './one-smart-server.ts';
import { launch, openFileState, type SmartServer, startSmartServer } from './smart-server.ts';

let smart: SmartServer;
let configuration: Record<string, unknown>;
let discovery: Record<string, unknown>;
oneSmartServer((started) => {
  smart = started;
});
beforeAll(async () => {
  configuration = { ...smart.server.smartConfiguration };
  discovery = (await (await fetch(`${smart.issuer}/.well-known/openid-configuration`)).json()) as Record<string, unknown>;
});

describe('smart-configuration', () => {
  it('has every required field with its type [@30 @373 @381-385]', () => {
    expect(typeof configuration.authorization_endpoint).toBe('string');
    expect(typeof configuration.token_endpoint).toBe('string');
    for (const list of ['capabilities', 'grant_types_supported', 'code_challenge_methods_supported'])
      expect(configuration[list]).toBeInstanceOf(Array);
  });

  it('offers S256 and not plain [@393 @394]', () => {
    expect(configuration.code_challenge_methods_supported).toEqual(['S256']);
  });

  it('names issuer and keys for single sign-on [@385]', () => {
    expect(configuration).toMatchObject({ issuer: smart.issuer, jwks_uri: `${smart.issuer}/jwks` });
  });

  it('has absolute URLs only [@378]', () => {
    const urls = Object.entries(configuration).filter(([name]) => /_endpoint$|_uri$/.test(name));
    expect(urls.length).toBeGreaterThanOrEqual(5);
    for (const [, url] of urls) expect(String(url)).toMatch(/^http:\/\/localhost:\d+\/ehr\/test\/auth\//);
  });

  it('claims the capabilities of an EHR practitioner app [@348-351]', () => {
    expect(configuration.capabilities).toEqual(
      expect.arrayContaining([
        'launch-ehr',
        'client-public',
        'client-confidential-symmetric',
        'client-confidential-asymmetric',
        'sso-openid-connect',
        'context-banner',
        'context-style',
        'context-ehr-patient',
        'context-ehr-encounter',
        'permission-offline',
        'permission-patient',
        'permission-user',
        'authorize-post',
        'permission-v1',
        'permission-v2',
      ]),
    );
  });

  it('does not claim what is not built', () => {
    expect(configuration.capabilities).not.toContain('launch-standalone');
    expect(configuration).not.toHaveProperty('registration_endpoint');
  });

  it('names the methods and algorithms of asymmetric clients [@285-289]', () => {
    expect(configuration.token_endpoint_auth_methods_supported).toContain('private_key_jwt');
    expect(configuration.token_endpoint_auth_signing_alg_values_supported).toEqual(['RS384', 'ES384']);
    expect(configuration.scopes_supported).toContain('patient/*.rs');
  });

  it('leaves out the authorization endpoint where no app is launched', async () => {
    const { state, close } = await openFileState();
    const backend = await startSmartServer(state, { clients: [] });
    expect(backend.server.smartConfiguration).not.toHaveProperty('authorization_endpoint');
    expect(backend.server.smartConfiguration.capabilities).not.toContain('launch-ehr');
    await backend.close();
    await close();
  });
});

describe('OpenID Connect discovery', () => {
  it('has the required fields and RS256 [@210]', () => {
    for (const field of [
      'issuer',
      'authorization_endpoint',
      'token_endpoint',
      'jwks_uri',
      'response_types_supported',
      'subject_types_supported',
    ]) {
      expect(discovery).toHaveProperty(field);
    }
    expect(discovery.id_token_signing_alg_values_supported).toContain('RS256');
  });

  it('agrees with smart-configuration', () => {
    const shared = ['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri', 'introspection_endpoint', 'revocation_endpoint'];
    for (const field of shared) expect(discovery[field]).toBe(configuration[field]);
  });

  it('writes the URLs of the issuer whatever Host a request names', async () => {
    const forged = await fetch(`${smart.issuer}/.well-known/openid-configuration`, {
      headers: { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' },
    });
    expect(await forged.json()).toEqual(discovery);
  });

  it('publishes one RSA key and nothing private [@207]', async () => {
    const { keys } = (await (await fetch(String(discovery.jwks_uri))).json()) as { keys: Record<string, unknown>[] };
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ kty: 'RSA', use: 'sig', alg: 'RS256' });
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi']) expect(keys[0]).not.toHaveProperty(secret);
  });
});

describe('the id_token', () => {
  it('verifies with the published key and has what OpenID Connect asks for [@94 @96 @200 @210]', async () => {
    const { body } = await launch(smart);
    const { payload, protectedHeader } = await jwtVerify(String(body.id_token), createRemoteJWKSet(new URL(String(discovery.jwks_uri))), {
      issuer: String(discovery.issuer),
      audience: 'public-app',
    });
    expect(protectedHeader).toMatchObject({ alg: 'RS256', kid: smart.server.publicKey.kid });
    expect(payload.sub).toBe('pr1');
    expect(payload.exp! - payload.iat!).toBe(3600);
  });

  it('has fhirUser as an absolute URL at the FHIR base [@197-204]', async () => {
    const { body } = await launch(smart);
    const claims = JSON.parse(Buffer.from(String(body.id_token).split('.')[1]!, 'base64url').toString());
    expect(claims.fhirUser).toBe(`${smart.fhirBaseUrl}/Practitioner/pr1`);
  });

  it('is not given without openid, and has no fhirUser unless it was asked for [@198]', async () => {
    expect((await launch(smart, { scope: 'launch patient/*.rs' })).body).not.toHaveProperty('id_token');
    const { body } = await launch(smart, { scope: 'launch openid patient/*.rs' });
    expect(Buffer.from(String(body.id_token).split('.')[1]!, 'base64url').toString()).not.toContain('fhirUser');
  });
});
