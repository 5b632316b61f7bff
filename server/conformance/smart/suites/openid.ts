/**
 * Who the user is: the id_token, the documents it is verified with, and the user's own resource.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html#scopes-for-requesting-identity-data ·
 * https://openid.net/specs/openid-connect-core-1_0.html
 */
import { createHash, randomUUID } from 'node:crypto';
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
  jwtVerify,
} from 'jose';
import { applies, checkGroup, insist, shall, should } from '../check.ts';
import { type Answer, objectOf } from '../http.ts';
import type { SmartServer } from '../smart-server.ts';
import { SPEC } from '../specifications.ts';
import { hasStatus, isReadableFrom, originOf } from './expectations.ts';

const REQUIRED = [
  ...['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri'],
  ...['response_types_supported', 'subject_types_supported', 'id_token_signing_alg_values_supported'],
];
const SHARED = ['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri', 'introspection_endpoint', 'revocation_endpoint'];
const USER_TYPES = ['Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson', 'Person'];
const LEEWAY_SECONDS = 60;
const CLAIMS = ['iss', 'sub', 'aud', 'exp', 'iat'] as const;

async function document(server: SmartServer): Promise<Readonly<Record<string, unknown>>> {
  return objectOf(await server.openid());
}

async function keySet(server: SmartServer): Promise<Answer> {
  const { jwks_uri: url } = await document(server);
  insist(typeof url === 'string', `jwks_uri is ${JSON.stringify(url)}`);
  return server.ask(url);
}

async function keysOf(server: SmartServer): Promise<readonly JWK[]> {
  const { keys } = objectOf(await keySet(server));
  insist(Array.isArray(keys) && keys.length > 0, 'keys is no list, or empty');
  return keys as JWK[];
}

async function tokenOf(server: SmartServer, request: Parameters<SmartServer['session']>[0] = {}): Promise<string> {
  const { body, authorization } = await server.session(request);
  applies(String(authorization.sent.scope).split(' ').includes('openid'), 'openid is not among the configured scopes');
  insist(typeof body.id_token === 'string', 'the token response has no id_token');
  return body.id_token;
}

async function claimsOf(server: SmartServer): Promise<JWTPayload> {
  const token = await tokenOf(server);
  try {
    return decodeJwt(token);
  } catch {
    insist(false, 'the id_token is no JWT');
  }
}

async function fhirUser(server: SmartServer): Promise<string> {
  applies(
    String((await server.session()).authorization.sent.scope)
      .split(' ')
      .includes('fhirUser'),
    'fhirUser is not among the configured scopes',
  );
  const found = (await claimsOf(server)).fhirUser;
  insist(typeof found === 'string' && found !== '', `fhirUser is ${JSON.stringify(found)}`);
  return found;
}

async function readUser(server: SmartServer, headers = {}): Promise<Answer> {
  const url = new URL(await fhirUser(server), `${server.base}/`).href;
  const { accessToken } = await server.session();
  return server.ask(url, { headers: { Accept: 'application/fhir+json', Authorization: `Bearer ${accessToken}`, ...headers } });
}

export const OPENID = checkGroup('Sign-on', SPEC.identity, [
  shall(
    'openid-configuration',
    [358],
    'the issuer publishes its OpenID configuration',
    async (server) => hasStatus(await server.openid(), 200),
    SPEC.openidDiscovery,
  ),
  shall(
    'openid-configuration-json',
    [358],
    'the OpenID configuration is JSON',
    async (server) => {
      const answer = await server.openid();
      objectOf(answer);
      insist(answer.headers.get('Content-Type')?.startsWith('application/json'), `Content-Type is ${answer.headers.get('Content-Type')}`);
    },
    SPEC.openidDiscovery,
  ),
  ...REQUIRED.map((name) =>
    shall(
      `openid-${name.replaceAll('_', '-')}`,
      name === 'jwks_uri' ? [207, 382] : [358],
      `the OpenID configuration has ${name}`,
      async (server) => {
        const value = (await document(server))[name];
        const wanted = name.endsWith('_supported') ? Array.isArray(value) && value.length > 0 : typeof value === 'string' && value !== '';
        insist(wanted, `${name} is ${JSON.stringify(value)}`);
      },
      SPEC.openidDiscovery,
    ),
  ),
  shall(
    'openid-rs256-announced',
    [210],
    'RS256 is announced for id_tokens',
    async (server) => {
      const found = (await document(server)).id_token_signing_alg_values_supported;
      insist(Array.isArray(found) && found.includes('RS256'), `algorithms are ${JSON.stringify(found)}`);
    },
    SPEC.openidDiscovery,
  ),
  shall(
    'openid-issuer-exact',
    [381],
    'the OpenID configuration names exactly the issuer of the smart-configuration',
    async (server) => {
      const [{ issuer }, { issuer: announced }] = [await document(server), await server.configuration()];
      insist(issuer === announced, `${issuer} and ${announced}`);
    },
    SPEC.openidDiscovery,
  ),
  shall(
    'openid-same-endpoints',
    [],
    'both documents name the same endpoints',
    async (server) => {
      const [one, two] = [await document(server), await server.configuration()];
      const different = SHARED.filter((name) => one[name] !== undefined && two[name] !== undefined && one[name] !== two[name]);
      insist(different.length === 0, `different: ${different.join(', ')}`);
    },
    SPEC.openidDiscovery,
  ),
  shall('openid-keys', [207, 382], 'the keys are published as a list', async (server) => {
    hasStatus(await keySet(server), 200);
    await keysOf(server);
  }),
  shall('openid-rsa-key', [207, 210], 'an RSA key is among them', async (server) =>
    insist(
      (await keysOf(server)).some(({ kty }) => kty === 'RSA'),
      'there is no RSA key',
    ),
  ),
  shall('openid-keys-import', [207], 'every RSA key can be used', async (server) => {
    for (const key of (await keysOf(server)).filter(({ kty }) => kty === 'RSA')) {
      await importJWK(key, key.alg ?? 'RS256').catch((error: Error) => insist(false, `${key.kid}: ${error.message}`));
    }
  }),
  shall('openid-no-private-key', [], 'no private key is published', async (server) => {
    const open = (await keysOf(server)).filter((key) => ['d', 'p', 'q', 'k'].some((part) => part in key));
    insist(open.length === 0, `${open.length} private keys are published`);
  }),
  shall('openid-key-ids', [207], 'every key has an id of its own where there are several', async (server) => {
    const keys = await keysOf(server);
    insist(keys.length === 1 || new Set(keys.map(({ kid }) => kid)).size === keys.length, 'two keys have the same kid, or none');
  }),
  should(
    'openid-key-size',
    [],
    'RSA keys have 2048 bits or more',
    async (server) => {
      const small = (await keysOf(server)).filter(({ kty, n }) => kty === 'RSA' && Buffer.from(n ?? '', 'base64url').length < 256);
      insist(small.length === 0, `${small.length} keys are shorter`);
    },
    SPEC.bestPractice,
  ),
  shall('id-token-present', [200], 'an id_token comes with openid', async (server) => void (await tokenOf(server))),
  shall('id-token-jwt', [200], 'the id_token is a JWT', async (server) => void (await claimsOf(server))),
  shall('id-token-rs256', [210], 'the id_token is signed with RS256', async (server) => {
    const { alg } = decodeProtectedHeader(await tokenOf(server));
    insist(alg === 'RS256', `alg is ${alg}`);
  }),
  shall('id-token-kid', [207], 'the id_token names its key', async (server) => {
    const { kid } = decodeProtectedHeader(await tokenOf(server));
    const keys = (await keysOf(server)).filter(({ kty }) => kty === 'RSA');
    insist(
      kid === undefined ? keys.length === 1 : keys.some((key) => key.kid === kid),
      `kid is ${kid}, keys are ${keys.map((key) => key.kid).join(', ')}`,
    );
  }),
  shall('id-token-signature', [207, 210], 'the id_token is verified with the published keys', async (server) => {
    const keys = createLocalJWKSet({ keys: await keysOf(server) } as JSONWebKeySet);
    await jwtVerify(await tokenOf(server), keys, { clockTolerance: LEEWAY_SECONDS }).catch((error: Error) => insist(false, error.message));
  }),
  ...CLAIMS.map((claim) =>
    shall(
      `id-token-${claim}`,
      [200],
      `the id_token has ${claim}, as it must be`,
      async (server) => {
        const claims = await claimsOf(server);
        const { client } = await server.session();
        const nowSeconds = Date.now() / 1000;
        const right = {
          iss: claims.iss === (await document(server)).issuer,
          sub: typeof claims.sub === 'string' && claims.sub.trim() !== '' && claims.sub.length < 256,
          aud: [claims.aud].flat().includes(client.clientId),
          exp: typeof claims.exp === 'number' && claims.exp > nowSeconds - LEEWAY_SECONDS,
          iat: typeof claims.iat === 'number' && claims.iat < nowSeconds + LEEWAY_SECONDS,
        }[claim];
        insist(right, `${claim} is ${JSON.stringify(claims[claim])}`);
      },
      SPEC.openid,
    ),
  ),
  shall(
    'id-token-nonce',
    [],
    'a nonce comes back in the id_token',
    async (server) => {
      const nonce = randomUUID();
      const { body } = await server.freshSession({ parameters: { nonce } });
      insist(typeof body.id_token === 'string', 'there is no id_token');
      insist(decodeJwt(body.id_token).nonce === nonce, `nonce is ${decodeJwt(body.id_token).nonce}`);
    },
    SPEC.openid,
  ),
  shall(
    'id-token-at-hash',
    [],
    'at_hash, when it is there, is of the access token: the left half of its hash',
    async (server) => {
      const { at_hash: hash } = await claimsOf(server);
      applies(hash !== undefined, 'there is no at_hash');
      const { accessToken } = await server.session();
      const bits = /^[A-Z]{2}(256|384|512)$/.exec(decodeProtectedHeader(await tokenOf(server)).alg ?? '')?.[1];
      applies(bits !== undefined, 'the id_token is signed by an algorithm that tells no hash');
      const whole = createHash(`sha${bits}`).update(accessToken).digest();
      insist(hash === whole.subarray(0, whole.length / 2).toString('base64url'), 'at_hash is of something else');
    },
    SPEC.openid,
  ),
  should('id-token-not-unasked', [], 'no id_token comes without openid', async (server) => {
    const flow = server.flow();
    const scope = server
      .launchConfig(flow)
      .scope.split(' ')
      .filter((each) => !['openid', 'fhirUser', 'profile'].includes(each))
      .join(' ');
    const { body } = await server.freshSession({ scope });
    insist(body.id_token === undefined, 'an id_token came');
  }),
  should(
    'id-token-same-sub',
    [],
    'a user has the same sub at the next launch',
    async (server) => {
      const { sub } = await claimsOf(server);
      const { body } = await server.freshSession();
      insist(decodeJwt(String(body.id_token)).sub === sub, 'sub is another');
    },
    SPEC.openid,
  ),
  ...(['public', 'symmetric', 'asymmetric'] as const).map((kind) =>
    shall(`id-token-${kind}-client`, [200], `a client of the kind ${kind} gets an id_token`, async (server) => {
      server.app(kind);
      await tokenOf(server, { client: kind });
    }),
  ),
  shall('fhir-user-present', [209], 'fhirUser is in the id_token', async (server) => void (await fhirUser(server))),
  shall('fhir-user-type', [198], 'fhirUser is a person of one of SMART’s types', async (server) => {
    const type = (await fhirUser(server)).split('/').at(-2) ?? '';
    insist(USER_TYPES.includes(type), `the type is ${type}`);
  }),
  shall('fhir-user-url', [203, 204], 'fhirUser is absolute, or relative to the FHIR base', async (server) => {
    const url = await fhirUser(server);
    insist(
      /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/.test(url) || url.startsWith(`${server.base}/`) || /^https:\/\//.test(url),
      `fhirUser is ${url}`,
    );
  }),
  shall('fhir-user-read', [198], 'the app reads the user’s own resource', async (server) => hasStatus(await readUser(server), 200)),
  shall('fhir-user-resource', [198], 'the user’s own resource is what fhirUser says', async (server) => {
    const [, type, id] = /([A-Za-z]+)\/([^/]+)$/.exec(await fhirUser(server)) ?? [];
    const found = objectOf(await readUser(server));
    insist(found.resourceType === type && found.id === id, `the answer is ${found.resourceType}/${found.id}`);
  }),
  shall(
    'fhir-user-cors',
    [17],
    'the page of the app may read the user’s own resource',
    async (server) => {
      const origin = originOf(server.app());
      isReadableFrom(await readUser(server, { Origin: origin }), origin);
    },
    SPEC.cors,
  ),
]);
