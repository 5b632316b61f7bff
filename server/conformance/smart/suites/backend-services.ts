/**
 * Backend services: systems that get a token with their own key, and the assertions that must be refused.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/backend-services.html ·
 * https://hl7.org/fhir/smart-app-launch/STU2.2/client-confidential-asymmetric.html
 */
import { createHash, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { applies, checkGroup, insist, shall, should } from '../check.ts';
import { assertionFields, clientAssertion, type Spoilt, unsignedJwt } from '../client-authentication.ts';
import { type Fields, objectOf } from '../http.ts';
import { parseScope } from '../scope-text.ts';
import type { SmartServer } from '../smart-server.ts';
import { SPEC } from '../specifications.ts';
import { hasStatus, isForbidden, isRefused, isRefusedAs } from './expectations.ts';
import { responseMembers } from './response-members.ts';

const nowSeconds = () => Math.floor(Date.now() / 1000);

/** What is wrong with an assertion, all else being right. */
const SPOILT: readonly (readonly [id: string, requirements: readonly number[], what: string, spoilt: () => Spoilt])[] = [
  ['issuer', [335, 337], 'whose iss is another', () => ({ claims: { iss: 'somebody-else' } })],
  ['subject', [335], 'whose sub is another', () => ({ claims: { sub: 'somebody-else' } })],
  ['issuer-missing', [335], 'without iss', () => ({ claims: { iss: undefined } })],
  ['audience', [335], 'for another token endpoint', () => ({ claims: { aud: 'https://another.example/token' } })],
  ['audience-missing', [335], 'without aud', () => ({ claims: { aud: undefined } })],
  ['expired', [335], 'that has expired', () => ({ claims: { exp: nowSeconds() - 600, iat: nowSeconds() - 900 } })],
  ['expiry-missing', [335], 'without exp', () => ({ claims: { exp: undefined } })],
  ['expiry-far', [335], 'good for more than five minutes', () => ({ seconds: 3600 })],
  ['jti-missing', [336], 'without jti', () => ({ claims: { jti: undefined } })],
  ['key-unknown', [338], 'that names an unknown key', () => ({ header: { kid: 'key-that-nobody-registered' } })],
  ['key-unnamed', [338], 'that names no key', () => ({ header: { kid: undefined } })],
];

async function refused(server: SmartServer, fields: Fields): Promise<void> {
  isRefused(await server.backend(fields));
}

function backendClient({ config }: SmartServer) {
  const client = config.clients.backend;
  applies(client !== undefined, 'no backend service is configured');
  return client;
}

const answers = new WeakMap<SmartServer, ReturnType<SmartServer['backend']>>();
function standing(server: SmartServer) {
  const answer = answers.get(server) ?? server.backend();
  answers.set(server, answer);
  return answer;
}

export const BACKEND = checkGroup('Backend services', SPEC.backend, [
  ...responseMembers({
    prefix: 'backend',
    what: 'a backend service',
    get: standing,
    requirements: { status: [253], json: [253], accessToken: [254], tokenType: [255], expiresIn: [256], shortLived: [261], scope: [258] },
    mustTellExpiry: true,
  }),
  should('backend-five-minutes', [257, 262], 'a backend service gets a token of five minutes at most', async (server) => {
    const { expires_in: seconds } = objectOf(await standing(server));
    insist(Number(seconds) <= 300, `expires_in is ${seconds}`);
  }),
  should('backend-no-refresh', [248], 'a backend service gets no refresh token', async (server) =>
    insist(objectOf(await standing(server)).refresh_token === undefined, 'a refresh token came'),
  ),
  shall('backend-scope-within', [250], 'a backend service gets no more than it is registered for', async (server) => {
    const answer = await server.backend({ scope: `${backendClient(server).scope} user/*.cruds patient/*.cruds` });
    if (answer.status !== 200) return isRefusedAs(answer, 'invalid_scope');
    const granted = String(objectOf(answer).scope).split(' ');
    const more = granted.filter((scope) => parseScope(scope)?.level !== 'system');
    insist(more.length === 0, `granted besides: ${more.join(' ')}`);
  }),
  shall('backend-user-scope', [250], 'a backend service gets no token for user/ scopes alone', async (server) =>
    isRefused(await server.backend({ scope: 'user/*.rs' })),
  ),
  shall('backend-reads', [253], 'the token of a backend service opens the FHIR API', async (server) => {
    const token = await server.backendToken();
    hasStatus(await server.fhir(token, 'Patient?_count=1'), 200);
  }),
  shall(
    'backend-scope-enforced',
    [241, 243, 266],
    'a backend service that asked for Patient sees no Observation',
    async (server) => {
      const token = await server.backendToken('system/Patient.rs');
      hasStatus(await server.fhir(token, 'Patient?_count=1'), 200);
      isForbidden(await server.fhir(token, 'Observation?_count=1'));
    },
    SPEC.scopes,
  ),
  shall(
    'backend-scope-read-only',
    [241, 266],
    'a backend service that asked for reading writes nothing',
    async (server) => {
      const token = await server.backendToken('system/Patient.rs');
      isForbidden(await server.fhir(token, 'Patient', { method: 'POST', body: { resourceType: 'Patient' } }));
    },
    SPEC.scopes,
  ),
  shall(
    'backend-v1-scope',
    [128],
    'a backend service is understood with scopes of the first version',
    async (server) => {
      const token = await server.backendToken('system/Patient.read');
      hasStatus(await server.fhir(token, 'Patient?_count=1'), 200);
    },
    SPEC.scopesV1,
  ),
  shall(
    'backend-v1-write',
    [128],
    'the first version’s .write makes a resource, and reads none',
    async (server) => {
      applies(server.config.mayWrite, 'the suite may not write');
      const [token, remover] = [await server.backendToken('system/Basic.write'), await server.backendToken('system/Basic.d')];
      const body = { resourceType: 'Basic', id: `suite-${randomUUID()}`, code: { text: 'made by the conformance suite' } };
      const made = await server.fhir(token, `Basic/${body.id}`, { method: 'PUT', body });
      const read = await server.fhir(token, `Basic/${body.id}`);
      await server.fhir(remover, `Basic/${body.id}`, { method: 'DELETE' });
      hasStatus(made, 200, 201);
      isForbidden(read);
    },
    SPEC.scopesV1,
  ),
  shall(
    'backend-update-creates',
    [123],
    'the letter u lets a system make a resource by PUT',
    async (server) => {
      applies(server.config.mayWrite, 'the suite may not write');
      const [token, remover] = [await server.backendToken('system/Basic.u'), await server.backendToken('system/Basic.d')];
      const body = { resourceType: 'Basic', id: `suite-${randomUUID()}`, code: { text: 'made by the conformance suite' } };
      const answer = await server.fhir(token, `Basic/${body.id}`, { method: 'PUT', body });
      await server.fhir(remover, `Basic/${body.id}`, { method: 'DELETE' });
      hasStatus(answer, 200, 201);
    },
    SPEC.scopes,
  ),
  shall(
    'backend-create-not-update',
    [266],
    'the letter c lets a system make a resource, and not change one',
    async (server) => {
      applies(server.config.mayWrite, 'the suite may not write');
      const [token, remover] = [await server.backendToken('system/Basic.c'), await server.backendToken('system/Basic.d')];
      const body = { resourceType: 'Basic', code: { text: 'made by the conformance suite' } };
      const made = await server.fhir(token, 'Basic', { method: 'POST', body, headers: { Prefer: 'return=minimal' } });
      hasStatus(made, 201);
      const id = /\/Basic\/([^/]+)/.exec(made.headers.get('Location') ?? '')?.[1] ?? '';
      const changed = await server.fhir(token, `Basic/${id}`, { method: 'PUT', body: { ...body, id } });
      await server.fhir(remover, `Basic/${id}`, { method: 'DELETE' });
      isForbidden(changed);
    },
    SPEC.scopes,
  ),
  shall('backend-grant-type', [251], 'an unknown grant_type is refused with 400', async (server) =>
    hasStatus(await server.backend({ grant_type: 'not_a_grant_type' }), 400),
  ),
  shall('backend-assertion-type', [251], 'an unknown client_assertion_type is refused', async (server) =>
    refused(server, { client_assertion_type: 'not_an_assertion_type' }),
  ),
  shall('backend-assertion-garbage', [251, 340], 'a client_assertion that is no JWT is refused', async (server) =>
    refused(server, { client_assertion: 'not_a_jwt' }),
  ),
  shall('backend-assertion-missing', [251], 'a request without assertion is refused', async (server) =>
    refused(server, { client_assertion: undefined, client_assertion_type: undefined, client_id: backendClient(server).clientId }),
  ),
  shall(
    'backend-client-other',
    [337],
    'a client_id that is not that of the assertion is refused',
    async (server) => refused(server, { client_id: 'somebody-else' }),
    SPEC.assertion,
  ),
  ...SPOILT.map(([id, requirements, what, spoilt]) =>
    shall(
      `assertion-${id}`,
      requirements,
      `an assertion ${what} is refused`,
      async (server) => {
        backendClient(server);
        isRefused(await server.backend({}, spoilt()));
      },
      SPEC.asymmetric,
    ),
  ),
  shall(
    'assertion-error',
    [340],
    'an assertion that is not good is refused as invalid_client',
    async (server) => {
      backendClient(server);
      isRefusedAs(await server.backend({}, { claims: { aud: 'https://another.example/token' } }), 'invalid_client');
    },
    SPEC.asymmetric,
  ),
  should('assertion-error-description', [252], 'a refusal says in words what is wrong', async (server) => {
    const { error_description: description, error_uri: uri } = objectOf(await server.backend({ scope: 'user/*.rs' }));
    insist(typeof description === 'string' || typeof uri === 'string', 'there is neither error_description nor error_uri');
  }),
  shall(
    'assertion-signature',
    [335],
    'an assertion signed with another key is refused',
    async (server) => {
      const { alg = 'ES384', kid } = backendClient(server).privateKey;
      const { privateKey } = await generateKeyPair(alg, { extractable: true });
      const key = { ...(await exportJWK(privateKey)), alg };
      isRefused(await server.backend({}, { key, header: { alg, ...(kid === undefined ? {} : { kid }) } }));
    },
    SPEC.asymmetric,
  ),
  shall(
    'assertion-unsigned',
    [335],
    'an assertion with alg none is refused',
    async (server) => {
      const { clientId } = backendClient(server);
      const claims = {
        iss: clientId,
        sub: clientId,
        aud: await server.endpoint('token_endpoint'),
        exp: nowSeconds() + 240,
        jti: randomUUID(),
      };
      await refused(server, { client_assertion: unsignedJwt(claims) });
    },
    SPEC.asymmetric,
  ),
  shall(
    'assertion-key-confusion',
    [335],
    'an assertion signed with HMAC under the public key is refused',
    async (server) => {
      const { d: _private, ...publicKey } = backendClient(server).privateKey;
      const secret = createHash('sha256').update(JSON.stringify(publicKey)).digest();
      isRefused(await server.backend({}, { key: secret, header: { alg: 'HS256' } }));
    },
    SPEC.asymmetric,
  ),
  shall(
    'assertion-replayed',
    [336],
    'an assertion is good once',
    async (server) => {
      const client = backendClient(server);
      const assertion = await clientAssertion({ ...client, audience: await server.endpoint('token_endpoint') });
      hasStatus(await server.backend(assertionFields(assertion)), 200, 201);
      isRefused(await server.backend(assertionFields(assertion)));
    },
    SPEC.asymmetric,
  ),
  shall(
    'assertion-foreign-jku',
    [338],
    'an assertion whose jku is not the registered URL is refused',
    async (server) => {
      backendClient(server);
      isRefused(await server.backend({}, { header: { jku: 'https://attacker.example/jwks.json' } }));
    },
    SPEC.asymmetric,
  ),
]);
