/**
 * Granular scopes: of a type, the resources that a query finds, by every way in.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html#finer-grained-resource-constraints-using-search-parameters
 */
import { applies, checkGroup, insist, shall, should } from '../check.ts';
import { type Answer, jsonOf, objectOf } from '../http.ts';
import { parseScope } from '../scope-text.ts';
import type { Session, SmartServer } from '../smart-server.ts';
import { SPEC } from '../specifications.ts';
import { batch, get, known, withScopes } from './access.ts';
import { entriesOf, hasStatus, isForbidden } from './expectations.ts';

export const GRANULAR = checkGroup('Granular scopes', SPEC.granular, [
  shall('granular-granted', [370], 'a granular scope is granted as it was asked for', async (server) => {
    const wanted = `patient/Observation.rs?${known(server).query}`;
    const { scopes } = await withScopes(server, wanted);
    insist(scopes.includes(wanted), `granted: ${scopes.join(' ')}`);
  }),
  shall('granular-search', [95, 370], 'a search finds what the granular scope names, and nothing else', async (server) => {
    const { accessToken, patientId } = await granular(server);
    found(server, await server.fhir(accessToken, `Observation?patient=${patientId}`));
  }),
  shall('granular-search-outside', [95, 370], 'a search for what the granular scope does not name finds nothing', async (server) => {
    const { accessToken, patientId } = await granular(server);
    const id = known(server).outside.split('/')[1];
    const answer = await server.fhir(accessToken, `Observation?patient=${patientId}&_id=${id}`);
    if (answer.status === 200)
      insist(
        entriesOf(answer).every(({ resource }) => resource?.id !== id),
        'it is found',
      );
  }),
  shall('granular-read', [370], 'a read of what the granular scope names is answered', async (server) =>
    hasStatus(await server.fhir((await granular(server)).accessToken, known(server).inside), 200),
  ),
  shall('granular-read-outside', [95, 370], 'a read of what the granular scope does not name is refused', async (server) => {
    const answer = await server.fhir((await granular(server)).accessToken, known(server).outside);
    insist(answer.status !== 200, 'it is read');
    const body = jsonOf(answer) as { resourceType?: string } | undefined;
    insist(body === undefined || body.resourceType === 'OperationOutcome', 'the refusal holds a resource');
  }),
  shall('granular-history', [95, 370], 'nor is its history', async (server) => {
    const answer = await server.fhir((await granular(server)).accessToken, `${known(server).outside}/_history`);
    insist(answer.status !== 200 || entriesOf(answer).length === 0, 'its history is read');
  }),
  shall('granular-include', [95, 370], '_revinclude keeps to the granular scope', async (server) => {
    const { accessToken, patientId } = await withScopes(server, 'patient/Patient.rs', `patient/Observation.rs?${known(server).query}`);
    const answer = await server.fhir(accessToken, `Patient?_id=${patientId}&_revinclude=Observation:subject`);
    if (answer.status === 200) insist(!ids(answer).includes(known(server).outside), 'it is brought along');
  }),
  shall('granular-batch', [130], 'a batch keeps to the granular scope', async (server) => {
    const { accessToken } = await granular(server);
    const answer = await server.fhir(accessToken, '', {
      method: 'POST',
      body: batch('batch', get(known(server).inside), get(known(server).outside)),
    });
    applies(![404, 405, 501].includes(answer.status), `the server takes no batch (${answer.status})`);
    const statuses = entriesOf(answer).map(({ response }) => response?.status?.slice(0, 3));
    insist(statuses[0] === '200' && statuses[1] !== '200', `the entries are answered with ${statuses.join(' and ')}`);
  }),
  shall('granular-refresh', [104], 'a refresh keeps to the granular scope', async (server) => {
    const wanted = `patient/Observation.rs?${known(server).query}`;
    const plain = server
      .launchConfig(server.flow())
      .scope.split(' ')
      .filter((scope) => parseScope(scope) === undefined);
    const session = await server.freshSession({ scope: [...plain, wanted].join(' ') });
    const accessToken = String(objectOf(await server.refresh(session)).access_token);
    hasStatus(await server.fhir(accessToken, known(server).inside), 200);
    isForbidden(await server.fhir(accessToken, known(server).outside));
  }),
  should(
    'granular-part-granted',
    [],
    'a user gives a part of what an app asks for, and it is granted as a granular scope',
    async (server) => {
      const { scopes } = await withPart(server);
      insist(!scopes.includes('patient/Observation.rs'), 'the whole type is granted');
      insist(
        scopes.some((scope) => scope.startsWith('patient/Observation.rs?')),
        `granted: ${scopes.join(' ')}`,
      );
      insist(scopes.includes('patient/Patient.rs'), 'what the user left in is not granted');
    },
  ),
  should('granular-part-enforced', [], 'what is no part of what the user gave is not opened', async (server) => {
    const { accessToken } = await withPart(server);
    hasStatus(await server.fhir(accessToken, known(server).inside), 200);
    isForbidden(await server.fhir(accessToken, known(server).outside));
  }),
]);

/** A standalone launch in which the user gives a part of the Observations in place of all of them. */
function withPart(server: SmartServer): Promise<Session> {
  server.flow('standalone');
  applies(server.launchConfig('standalone').offersParts === true, 'parts of a scope are not offered to users');
  const scope = 'openid fhirUser launch/patient patient/Patient.rs patient/Observation.rs';
  const part = `patient/Observation.rs?${known(server).query}`;
  return server.session({ flow: 'standalone', scope, leaveOut: ['patient/Observation.rs'], choose: [part] });
}

const granular = (server: SmartServer) => withScopes(server, `patient/Observation.rs?${known(server).query}`);

function ids(answer: Answer): readonly string[] {
  return entriesOf(answer).map(({ resource }) => `${resource?.resourceType}/${resource?.id}`);
}

function found(server: SmartServer, answer: Answer): void {
  hasStatus(answer, 200);
  insist(ids(answer).includes(known(server).inside), 'what the scope names is not found');
  insist(!ids(answer).includes(known(server).outside), 'what the scope does not name is found');
}
