import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashOfSecret } from '../../server/auth/clients.ts';
import { readClients } from '../../server/auth/read-clients.ts';

const jwk = (pair: { publicKey: { export(of: { format: 'jwk' }): object } }, alg: string) => ({
  ...pair.publicKey.export({ format: 'jwk' }),
  alg,
  kid: 'k1',
});
const EC = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const EC_KEY = jwk(EC, 'ES384');

const SYSTEM = {
  clientId: 'kommune-system',
  name: 'Solvik kommune, fagsystem',
  authentication: { method: 'private_key_jwt', keys: [EC_KEY] },
  grants: ['client_credentials'],
  scopes: ['system/*.rs', 'system/CarePlan.cruds'],
  organizationNumber: '310001376',
};
const APP = {
  clientId: 'portal-app',
  name: 'Portalen',
  authentication: { method: 'none' },
  grants: ['authorization_code', 'refresh_token'],
  scopes: ['openid', 'fhirUser', 'launch/patient', 'patient/*.rs', 'patient/Observation.rs?category=survey'],
  redirectUris: ['https://portal.example/callback'],
  origins: ['https://portal.example'],
  frameOrigins: ['https://portal.example'],
};
const SECRET = { method: 'client_secret_basic', secretHash: hashOfSecret('x') };

const read = (content: unknown) =>
  readClients(content, { reserved: ['fellesplan-app'], isResourceType: (name) => ['CarePlan', 'Observation'].includes(name) });

/** What is wrong with the system, when some of it is said otherwise. */
const ofSystem = (change: object) => read([{ ...SYSTEM, ...change }]).problems;
const ofApp = (change: object) => read([{ ...APP, ...change }]).problems;
const authenticated = (change: object) => ofSystem({ authentication: { ...SYSTEM.authentication, ...change } });
const key = (change: object) => authenticated({ keys: [{ ...EC_KEY, ...change }] });

describe('a file of clients', () => {
  it('gives the clients in its order', () => {
    const url = { method: 'private_key_jwt', jwksUri: 'https://keys.example/jwks', internalNetwork: true };
    const content = [SYSTEM, APP, { ...SYSTEM, clientId: 's2', authentication: url }, { ...APP, clientId: 's3', authentication: SECRET }];
    expect(read(content)).toEqual({ clients: content, problems: [] });
  });

  it('tells everything that is wrong at once, with its place', () => {
    const { problems } = read(['x', { ...SYSTEM, name: '', grants: ['implicit'] }, APP, APP]);
    expect(problems).toEqual([
      '[0] is not an object',
      '[1].name: a name for people is wanted',
      expect.stringContaining('[1].grants[0]: one of authorization_code,'),
      expect.stringContaining('[1].scopes[0]: system/ scopes go with client_credentials'),
      expect.stringContaining('[1].scopes[1]: system/ scopes go with client_credentials'),
      '[3].clientId: portal-app is taken',
    ]);
  });

  it.each<[why: string, problems: readonly string[], first: string]>([
    ['something else than a list', read({}).problems, 'an array of clients is wanted'],
    [
      'a member that is not known',
      ofSystem({ redirect_uris: [] }),
      '[0].redirect_uris: there is no such member. Did you mean redirectUris?',
    ],
    ['a name of the service itself', ofApp({ clientId: 'fellesplan-app' }), '[0].clientId: fellesplan-app is taken'],
    ['an id with a space', ofSystem({ clientId: 'a b' }), '[0].clientId: 1 to 100 letters'],
    ['no grants', ofSystem({ grants: [] }), '[0].grants: a list with one entry or more is wanted'],
    ['refresh_token alone', ofSystem({ grants: ['refresh_token'] }), '[0].grants: refresh_token goes with another grant'],
    [
      'a secret in clear',
      authenticated({ method: 'client_secret_basic', secret: 'hush', keys: undefined }),
      '[0].authentication.secretHash: as `fellesplan clients secret`',
    ],
    ['an unknown method', ofSystem({ authentication: { method: 'client_secret_post' } }), '[0].authentication.method: one of'],
    [
      'a system that shows nothing',
      ofSystem({ authentication: { method: 'none' } }),
      '[0].authentication: a client that gets tokens for itself',
    ],
    ['keys and a URL', authenticated({ jwksUri: 'https://x.example' }), '[0].authentication: either keys or jwksUri'],
    ['neither', authenticated({ keys: undefined }), '[0].authentication: either keys or jwksUri'],
    ['keys by http', authenticated({ keys: undefined, jwksUri: 'http://x.example' }), '[0].authentication.jwksUri: an https URL'],
    ['no key', authenticated({ keys: [] }), '[0].authentication.keys: a list with one public key'],
    [
      'a private key',
      authenticated({ keys: [{ ...EC.privateKey.export({ format: 'jwk' }), alg: 'ES384', kid: 'k' }] }),
      '[0].authentication.keys[0]: this is a private or secret key',
    ],
    ['a shared key', key({ kty: 'oct', k: 'AAAA' }), '[0].authentication.keys[0]: this is a private or secret key'],
    ['a key without a name', key({ kid: '' }), '[0].authentication.keys[0]: kid is missing'],
    ['two keys of one name', authenticated({ keys: [EC_KEY, EC_KEY] }), '[0].authentication.keys[1]: another key has the same kid'],
    ['a key for HS256', key({ alg: 'HS256' }), '[0].authentication.keys[0]: alg is to be one of RS384, ES384'],
    ['a key of the wrong kind', key({ alg: 'RS384' }), '[0].authentication.keys[0]: this is no key for RS384'],
    [
      'a short RSA key',
      authenticated({ keys: [jwk(generateKeyPairSync('rsa', { modulusLength: 1024 }), 'RS384')] }),
      '[0].authentication.keys[0]: an RSA key has 2048 bits',
    ],
    [
      'a key on another curve',
      authenticated({ keys: [jwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'ES384')] }),
      '[0].authentication.keys[0]: ES384 wants the curve P-384',
    ],
    ['a point that is on no curve', key({ x: 'AAAA' }), '[0].authentication.keys[0]: the key cannot be read'],
    ['a scope that is none', ofSystem({ scopes: ['everything'] }), '[0].scopes[0]: everything is no SMART scope'],
    ['a type that is none', ofSystem({ scopes: ['system/Careplan.rs'] }), '[0].scopes[0]: Careplan is no resource type'],
    ["a user's scope for a system", ofSystem({ scopes: ['user/*.rs'] }), '[0].scopes[0]: user/ scopes are for clients with users'],
    ['openid for a system', ofSystem({ scopes: ['openid'] }), '[0].scopes[0]: openid is for clients with users'],
    ["a system's scope for users", ofApp({ scopes: ['system/*.rs'] }), '[0].scopes[0]: system/ scopes go with client_credentials'],
    ['no redirect', ofApp({ redirectUris: undefined }), '[0].redirectUris: a list with one entry or more'],
    ['a redirect by http', ofApp({ redirectUris: ['http://x.example'] }), '[0].redirectUris[0]: an exact https URL'],
    ['a redirect with a fragment', ofApp({ redirectUris: ['https://x.example/#a'] }), '[0].redirectUris[0]: an exact https URL'],
    ['a redirect to anywhere', ofApp({ redirectUris: ['https://*.example/'] }), '[0].redirectUris[0]: an exact https URL'],
    ['a redirect for a system', ofSystem({ redirectUris: ['https://x.example/'] }), '[0].redirectUris: they go with authorization_code'],
    ['an origin with a path', ofApp({ origins: ['https://x.example/'] }), '[0].origins[0]: an origin such as'],
    ['a frame from everywhere', ofApp({ frameOrigins: ['*'] }), '[0].frameOrigins[0]: an origin such as'],
    ['a wrong organisasjonsnummer', ofSystem({ organizationNumber: '310001377' }), '[0].organizationNumber: nine digits'],
    ['a system that acts for nobody', ofSystem({ organizationNumber: undefined }), '[0]: a system acts for an organisation'],
    ['scopesAlone as a text', ofSystem({ scopesAlone: 'yes' }), '[0].scopesAlone: true or false'],
    ['a list that holds numbers', ofSystem({ scopes: [1] }), '[0].scopes[0]: a text is wanted'],
  ])('is refused with %s', (_why, problems, first) => {
    expect(problems[0]).toContain(first);
  });

  it('never repeats a secret that somebody wrote into it', () => {
    const { problems } = read([
      { ...SYSTEM, authentication: { method: 'client_secret_basic', secret: 'hush', secretHash: 'hush' }, password: 'hush' },
    ]);
    expect(problems.length).toBeGreaterThan(2);
    expect(problems.join()).not.toContain('hush');
  });

  it.each([null, 1, 'x', [null], [[]], [{ authentication: [] }], [{ authentication: { method: 'private_key_jwt', keys: [null, 1, {}] } }]])(
    'never throws, whatever %j it holds',
    (content) => {
      expect(read(content).problems.length).toBeGreaterThan(0);
    },
  );
});
