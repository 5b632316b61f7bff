/**
 * What a token opens at the FHIR API, and what it does not: every way in is tried with a token for something else.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html#scopes-for-requesting-fhir-resources
 */
import { decodeJwt } from 'jose';
import { applies, checkGroup, insist, shall, should } from '../check.ts';
import { unsignedJwt } from '../client-authentication.ts';
import { jsonOf } from '../http.ts';
import { parseScope } from '../scope-text.ts';
import type { Session, SmartServer } from '../smart-server.ts';
import { SPEC } from '../specifications.ts';
import { entriesOf, hasDirective, hasStatus, holdsNone, isForbidden, isReadableFrom, originOf } from './expectations.ts';

const PLAIN = new Set(['openid', 'fhirUser', 'launch', 'launch/patient']);

/** A launched app with these resource scopes and no others. */
export async function withScopes(server: SmartServer, ...scopes: readonly string[]): Promise<Session & { readonly patientId: string }> {
  const plain = server
    .launchConfig(server.flow())
    .scope.split(' ')
    .filter((scope) => PLAIN.has(scope));
  const session = await server.session({ scope: [...plain, ...scopes].join(' ') });
  const granted = session.scopes.filter((scope) => parseScope(scope) !== undefined);
  applies(granted.length > 0, `${scopes.join(' ')} cannot be granted`);
  applies(typeof session.body.patient === 'string', 'there is no patient in context');
  return { ...session, patientId: session.body.patient };
}

/** The two Observations of the configuration, by path. */
export function known({ config }: SmartServer) {
  applies(config.granular !== undefined, 'no Observations are configured');
  return config.granular;
}

const observationOf = (patientId: string) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'sent by the conformance suite: it must be refused' },
  subject: { reference: `Patient/${patientId}` },
});

export const batch = (type: 'batch' | 'transaction', ...entry: readonly object[]) => ({ resourceType: 'Bundle', type, entry });
export const get = (url: string) => ({ request: { method: 'GET', url } });

function tampered(token: string): string {
  const parts = token.split('.');
  if (parts.length !== 3) return `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
  const claims = Buffer.from(JSON.stringify({ ...decodeJwt(token), patient: 'another' })).toString('base64url');
  return [parts[0], claims, parts[2]].join('.');
}

export const ACCESS = checkGroup('Access by scope', SPEC.scopes, [
  shall(
    'access-no-token',
    [],
    'a read without token is answered with 401',
    async (server) => hasStatus(await server.fhir(undefined, `Patient/${server.config.patients?.first.id ?? 'x'}`), 401),
    SPEC.access,
  ),
  shall(
    'access-search-no-token',
    [],
    'a search without token is answered with 401',
    async (server) => hasStatus(await server.fhir(undefined, 'Patient'), 401),
    SPEC.access,
  ),
  shall(
    'access-write-no-token',
    [],
    'a write without token is answered with 401',
    async (server) => hasStatus(await server.fhir(undefined, 'Patient', { method: 'POST', body: { resourceType: 'Patient' } }), 401),
    SPEC.access,
  ),
  shall(
    'access-challenge',
    [],
    'a 401 has WWW-Authenticate: Bearer',
    async (server) => {
      const challenge = (await server.fhir(undefined, 'Patient')).headers.get('WWW-Authenticate');
      insist(challenge?.toLowerCase().includes('bearer'), `WWW-Authenticate is ${JSON.stringify(challenge)}`);
    },
    SPEC.bearer,
  ),
  shall(
    'access-garbage',
    [94],
    'a token that is none is answered with 401',
    async (server) => hasStatus(await server.fhir('not-a-token', 'Patient'), 401),
    SPEC.access,
  ),
  shall(
    'access-tampered',
    [94],
    'a token that was changed is answered with 401',
    async (server) => {
      const { accessToken, body } = await server.session();
      hasStatus(await server.fhir(tampered(accessToken), `Patient/${body.patient}`), 401);
    },
    SPEC.access,
  ),
  shall(
    'access-unsigned',
    [94],
    'a token with alg none is answered with 401',
    async (server) => {
      const { accessToken, body } = await server.session();
      applies(accessToken.split('.').length === 3, 'access tokens are no JWTs');
      hasStatus(await server.fhir(unsignedJwt(decodeJwt(accessToken), { typ: 'at+jwt' }), `Patient/${body.patient}`), 401);
    },
    SPEC.access,
  ),
  shall(
    'access-id-token',
    [94],
    'an id_token is no access token',
    async (server) => {
      const { body } = await server.session();
      applies(typeof body.id_token === 'string', 'there is no id_token');
      hasStatus(await server.fhir(body.id_token, `Patient/${body.patient}`), 401);
    },
    SPEC.access,
  ),
  shall(
    'access-refresh-token',
    [94],
    'a refresh token is no access token',
    async (server) => {
      const { body } = await server.session();
      applies(typeof body.refresh_token === 'string', 'there is no refresh token');
      hasStatus(await server.fhir(body.refresh_token, `Patient/${body.patient}`), 401);
    },
    SPEC.access,
  ),
  shall(
    'access-cors-preflight',
    [17],
    'the page of a public client may ask the FHIR API with its token',
    async (server) => {
      const origin = originOf(server.app('public'));
      const headers = { Origin: origin, 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'authorization' };
      const answer = await server.ask(`${server.base}/Patient`, { method: 'OPTIONS', headers });
      hasStatus(answer, 200, 204);
      isReadableFrom(answer, origin);
      hasDirective(answer, 'Access-Control-Allow-Headers', 'authorization');
    },
    SPEC.cors,
  ),
  should(
    'access-token-in-url',
    [],
    'a token in the URL opens nothing',
    async (server) => {
      const { accessToken, body } = await server.session();
      const answer = await server.fhir(undefined, `Patient/${body.patient}?access_token=${accessToken}`);
      insist(answer.status >= 400, `status ${answer.status}`);
    },
    SPEC.bestPractice,
  ),
  should('access-error-outcome', [], 'a refusal is an OperationOutcome', async (server) => {
    const body = jsonOf(await server.fhir(undefined, 'Patient')) as { resourceType?: string } | undefined;
    insist(body?.resourceType === 'OperationOutcome', 'the refusal is something else');
  }),
  shall('scope-rs-reads', [95, 367], 'patient/*.rs reads and searches', async (server) => {
    const { accessToken, patientId } = await withScopes(server, 'patient/*.rs');
    hasStatus(await server.fhir(accessToken, `Patient/${patientId}`), 200);
    hasStatus(await server.fhir(accessToken, `Observation?patient=${patientId}`), 200);
  }),
  shall('scope-user-reads', [140, 368], 'a user/ scope reads what the user may', async (server) => {
    const { scope } = server.launchConfig(server.flow());
    const wanted = scope.split(' ').find((each) => /^user\/\w+\.(read|\w*r)/.test(each));
    applies(wanted !== undefined, 'no user/ scope of a type is among the configured ones');
    const type = parseScope(wanted)?.type ?? '';
    const { accessToken, scopes } = await server.session();
    applies(scopes.includes(wanted), `${wanted} was not granted`);
    hasStatus(await server.fhir(accessToken, `${type}?_count=1`), 200);
  }),
  shall('scope-rs-no-create', [95], 'patient/*.rs creates nothing', async (server) => {
    const { accessToken, patientId } = await withScopes(server, 'patient/*.rs');
    isForbidden(await server.fhir(accessToken, 'Observation', { method: 'POST', body: observationOf(patientId) }));
  }),
  shall('scope-rs-no-update', [95], 'patient/*.rs updates nothing', async (server) => {
    const { accessToken, patientId } = await withScopes(server, 'patient/*.rs');
    const [, id] = known(server).inside.split('/');
    isForbidden(await server.fhir(accessToken, known(server).inside, { method: 'PUT', body: { ...observationOf(patientId), id } }));
  }),
  shall('scope-rs-no-patch', [95], 'patient/*.rs patches nothing', async (server) => {
    const { accessToken } = await withScopes(server, 'patient/*.rs');
    const headers = { 'Content-Type': 'application/json-patch+json' };
    const answer = await server.fhir(accessToken, known(server).inside, {
      method: 'PATCH',
      body: [{ op: 'replace', path: '/status', value: 'amended' }],
      headers,
    });
    hasStatus(answer, 401, 403, 404, 405, 501);
  }),
  shall('scope-rs-no-delete', [95], 'patient/*.rs deletes nothing', async (server) => {
    const { accessToken } = await withScopes(server, 'patient/*.rs');
    hasStatus(await server.fhir(accessToken, known(server).inside, { method: 'DELETE' }), 401, 403, 404, 405);
    hasStatus(await server.fhir(accessToken, known(server).inside), 200);
  }),
  shall('scope-rs-no-transaction', [95, 130], 'patient/*.rs creates nothing by transaction either', async (server) => {
    const { accessToken, patientId } = await withScopes(server, 'patient/*.rs');
    const entry = {
      fullUrl: 'urn:uuid:3c2e5b6c-5d0a-4b3c-9d5e-8f0d8a4c1b11',
      resource: observationOf(patientId),
      request: { method: 'POST', url: 'Observation' },
    };
    const answer = await server.fhir(accessToken, '', { method: 'POST', body: batch('transaction', entry) });
    insist(answer.status >= 400, `status ${answer.status}`);
  }),
  shall('scope-r-reads-only', [95], 'the letter r reads, and does not search', async (server) => {
    const { accessToken, patientId } = await withScopes(server, 'patient/Patient.r', 'patient/Observation.r');
    hasStatus(await server.fhir(accessToken, known(server).inside), 200);
    isForbidden(await server.fhir(accessToken, `Observation?patient=${patientId}`));
  }),
  shall('scope-s-searches-only', [95], 'the letter s searches, and does not read', async (server) => {
    const { accessToken, patientId } = await withScopes(server, 'patient/Observation.s');
    hasStatus(await server.fhir(accessToken, `Observation?patient=${patientId}`), 200);
    isForbidden(await server.fhir(accessToken, known(server).inside));
  }),
  shall('scope-other-type-read', [95], 'a scope for Patient does not read an Observation', async (server) =>
    isForbidden(await server.fhir((await withScopes(server, 'patient/Patient.rs')).accessToken, known(server).inside)),
  ),
  shall('scope-other-type-search', [95], 'a scope for Patient does not search Observations', async (server) => {
    const { accessToken, patientId } = await withScopes(server, 'patient/Patient.rs');
    hasStatus(await server.fhir(accessToken, `Observation?patient=${patientId}`), 401, 403);
  }),
  shall('scope-other-type-post-search', [95], 'nor by POST _search', async (server) => {
    const { accessToken, patientId } = await withScopes(server, 'patient/Patient.rs');
    const headers = { Authorization: `Bearer ${accessToken}`, Accept: 'application/fhir+json' };
    isForbidden(await server.ask(`${server.base}/Observation/_search`, { form: { patient: patientId }, headers }));
  }),
  shall('scope-other-type-history', [95], 'nor its history', async (server) =>
    isForbidden(await server.fhir((await withScopes(server, 'patient/Patient.rs')).accessToken, `${known(server).inside}/_history`)),
  ),
  shall('scope-include', [95], '_include brings nothing that the scope does not allow', async (server) => {
    const { accessToken, patientId } = await withScopes(server, 'patient/Observation.rs');
    holdsNone(await server.fhir(accessToken, `Observation?patient=${patientId}&_include=Observation:subject`), 'Patient');
  }),
  shall('scope-revinclude', [95], '_revinclude brings nothing that the scope does not allow', async (server) => {
    const { accessToken, patientId } = await withScopes(server, 'patient/Patient.rs');
    holdsNone(await server.fhir(accessToken, `Patient?_id=${patientId}&_revinclude=Observation:subject`), 'Observation');
  }),
  shall('scope-everything', [95], '$everything brings nothing that the scope does not allow', async (server) => {
    const { accessToken, patientId } = await withScopes(server, 'patient/Patient.rs');
    holdsNone(await server.fhir(accessToken, `Patient/${patientId}/$everything`), 'Observation');
  }),
  shall('scope-compartment', [95], 'a search in the compartment finds nothing that the scope does not allow', async (server) => {
    const { accessToken, patientId } = await withScopes(server, 'patient/Patient.rs');
    holdsNone(await server.fhir(accessToken, `Patient/${patientId}/Observation`), 'Observation');
  }),
  shall('scope-system-search', [95], 'a search of all types finds nothing that the scope does not allow', async (server) => {
    const { accessToken } = await withScopes(server, 'patient/Patient.rs');
    holdsNone(await server.fhir(accessToken, '?_type=Patient,Observation'), 'Observation');
  }),
  shall('scope-batch', [130], 'every entry of a batch is held against the scope by itself', async (server) => {
    const { accessToken, patientId } = await withScopes(server, 'patient/Patient.rs');
    const body = batch('batch', get(`Patient/${patientId}`), get(known(server).inside));
    const answer = await server.fhir(accessToken, '', { method: 'POST', body });
    applies(![404, 405, 501].includes(answer.status), `the server takes no batch (${answer.status})`);
    const statuses = entriesOf(answer).map(({ response }) => response?.status?.slice(0, 3));
    insist(statuses[0] === '200', `what is allowed is answered with ${statuses[0]}`);
    insist(['401', '403', '404'].includes(statuses[1] ?? ''), `what is not allowed is answered with ${statuses[1]}`);
  }),
  shall(
    'scope-v1-read',
    [128, 369],
    'a scope of the first version reads and searches',
    async (server) => {
      const { accessToken, patientId } = await withScopes(server, 'patient/*.read');
      hasStatus(await server.fhir(accessToken, `Patient/${patientId}`), 200);
      hasStatus(await server.fhir(accessToken, `Observation?patient=${patientId}`), 200);
    },
    SPEC.scopesV1,
  ),
  shall(
    'scope-v1-no-write',
    [128],
    'the first version’s .read writes nothing',
    async (server) => {
      const { accessToken, patientId } = await withScopes(server, 'patient/*.read');
      isForbidden(await server.fhir(accessToken, 'Observation', { method: 'POST', body: observationOf(patientId) }));
    },
    SPEC.scopesV1,
  ),
  shall(
    'scope-v1-type',
    [128],
    'the first version’s scopes are kept to their type',
    async (server) => {
      const { accessToken, patientId } = await withScopes(server, 'patient/Patient.read');
      hasStatus(await server.fhir(accessToken, `Observation?patient=${patientId}`), 401, 403);
    },
    SPEC.scopesV1,
  ),
  should(
    'scope-v1-returned',
    [127],
    'who asks in the first version’s words is answered in them',
    async (server) => {
      const { scopes } = await withScopes(server, 'patient/Patient.read');
      insist(scopes.includes('patient/Patient.read'), `granted: ${scopes.join(' ')}`);
    },
    SPEC.scopesV1,
  ),
  shall('scope-left-out', [78], 'a scope that the user leaves out is not granted', async (server) => {
    const { scopes } = await leftOut(server);
    insist(!scopes.includes('patient/Observation.rs'), `granted: ${scopes.join(' ')}`);
    insist(scopes.includes('patient/Patient.rs'), 'what the user left in is not granted either');
  }),
  shall('scope-left-out-enforced', [95], 'what the user left out is not opened', async (server) => {
    const { accessToken, body } = await leftOut(server);
    hasStatus(await server.fhir(accessToken, `Observation?patient=${body.patient}`), 401, 403);
  }),
]);

/** A standalone launch in which the user leaves Observations out. */
function leftOut(server: SmartServer): Promise<Session> {
  server.flow('standalone');
  applies(server.launchConfig('standalone').manual !== true, 'a person signs in, who cannot be told what to leave out');
  const scope = 'openid fhirUser launch/patient patient/Patient.rs patient/Observation.rs';
  return server.session({ flow: 'standalone', scope, leaveOut: ['patient/Observation.rs'] });
}
