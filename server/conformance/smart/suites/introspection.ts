/**
 * Resource servers ask what a token is worth.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/token-introspection.html
 */
import { decodeJwt } from 'jose';
import { applies, checkGroup, insist, shall, should } from '../check.ts';
import { authentication } from '../client-authentication.ts';
import { type Answer, objectOf } from '../http.ts';
import type { Document, SmartServer } from '../smart-server.ts';
import { SPEC } from '../specifications.ts';
import { hasDirective, hasStatus } from './expectations.ts';

/** Members of a token response that are part of the launch context. */
const NO_CONTEXT = new Set(['access_token', 'token_type', 'expires_in', 'scope', 'id_token', 'refresh_token', 'refresh_token_expires_in']);

/** Between the making of a token and of the answer it comes in. */
const EXPIRY_SLACK_SECONDS = 10;

async function url(server: SmartServer): Promise<string> {
  applies((await server.configuration()).introspection_endpoint !== undefined, 'no introspection_endpoint is announced');
  return server.endpoint('introspection_endpoint');
}

/** Asks with a confidential client where one is configured, else with the token of a backend service. */
export async function introspect(server: SmartServer, token: string): Promise<Answer> {
  const endpoint = await url(server);
  const { symmetric, asymmetric } = server.config.clients;
  if (symmetric === undefined && asymmetric === undefined) return askWithToken(server, token, await server.backendToken());
  const shown = await authentication(
    server.app(symmetric === undefined ? 'asymmetric' : 'symmetric'),
    await server.endpoint('token_endpoint'),
  );
  return server.ask(endpoint, { form: { token, ...shown.fields }, headers: shown.headers });
}

async function askWithToken(server: SmartServer, token: string, bearer: string): Promise<Answer> {
  return server.ask(await url(server), { form: { token }, headers: { Authorization: `Bearer ${bearer}` } });
}

async function active(server: SmartServer): Promise<{ readonly told: Document; readonly body: Document; readonly clientId: string }> {
  const { accessToken, body, client } = await server.session();
  return { told: objectOf(await introspect(server, accessToken)), body, clientId: client.clientId };
}

async function same(server: SmartServer, member: string, wanted: (body: Document) => unknown): Promise<void> {
  const { told, body } = await active(server);
  const value = wanted(body);
  applies(value !== undefined, `there was no ${member} to compare with`);
  insist(
    JSON.stringify(told[member]) === JSON.stringify(value),
    `${member} is ${JSON.stringify(told[member])} where ${JSON.stringify(value)} is wanted`,
  );
}

const idClaim = (name: string) => (body: Document) => (typeof body.id_token === 'string' ? decodeJwt(body.id_token)[name] : undefined);

export const INTROSPECTION = checkGroup('Introspection', SPEC.introspection, [
  shall('introspection-status', [271], 'a token is asked about with 200', async (server) =>
    hasStatus(await introspect(server, (await server.session()).accessToken), 200),
  ),
  shall('introspection-json', [271], 'the answer is JSON', async (server) => {
    const answer = await introspect(server, (await server.session()).accessToken);
    objectOf(answer);
    insist(answer.headers.get('Content-Type')?.startsWith('application/json'), `Content-Type is ${answer.headers.get('Content-Type')}`);
  }),
  shall('introspection-active', [272], 'a live token is active', async (server) => {
    const { told } = await active(server);
    insist(told.active === true, `active is ${JSON.stringify(told.active)}`);
  }),
  shall('introspection-client', [274], 'the client is told', async (server) => {
    const { told, clientId } = await active(server);
    insist(told.client_id === clientId, `client_id is ${JSON.stringify(told.client_id)}`);
  }),
  shall('introspection-scope', [273], 'the scopes are those of the token response', async (server) => {
    const { told, body } = await active(server);
    const sorted = (scope: unknown) => String(scope).split(' ').sort().join(' ');
    insist(sorted(told.scope) === sorted(body.scope), `scope is ${JSON.stringify(told.scope)}`);
  }),
  shall('introspection-exp', [275], 'the time it expires is told, and is not over', async (server) => {
    const { told } = await active(server);
    insist(typeof told.exp === 'number' && told.exp > Date.now() / 1000 - 600, `exp is ${JSON.stringify(told.exp)}`);
  }),
  shall('introspection-exp-told', [276], 'the time it expires is that of the token response', async (server) => {
    const { told, body } = await active(server);
    applies(typeof body.expires_in === 'number', 'the token response tells no expires_in');
    const { answer } = await server.session();
    const answeredMs = Date.parse(answer.headers.get('Date') ?? '');
    applies(!Number.isNaN(answeredMs), 'the token response tells no Date');
    const wanted = answeredMs / 1000 + body.expires_in;
    insist(Math.abs(Number(told.exp) - wanted) <= EXPIRY_SLACK_SECONDS, `exp is ${told.exp} where ${wanted} is wanted`);
  }),
  shall('introspection-patient', [277], 'the patient is told', async (server) => same(server, 'patient', (body) => body.patient)),
  shall('introspection-encounter', [277], 'the encounter is told', async (server) => same(server, 'encounter', (body) => body.encounter)),
  shall('introspection-context', [277], 'every other part of the launch context is told', async (server) => {
    const { told, body } = await active(server);
    const missing = Object.keys(body).filter((name) => !NO_CONTEXT.has(name) && JSON.stringify(told[name]) !== JSON.stringify(body[name]));
    insist(missing.length === 0, `missing or different: ${missing.join(', ')}`);
  }),
  shall('introspection-iss', [278], 'the issuer is that of the id_token', async (server) => same(server, 'iss', idClaim('iss'))),
  shall('introspection-sub', [279], 'the subject is that of the id_token', async (server) => same(server, 'sub', idClaim('sub'))),
  should('introspection-fhir-user', [280], 'fhirUser is that of the id_token', async (server) =>
    same(server, 'fhirUser', idClaim('fhirUser')),
  ),
  should(
    'introspection-no-store',
    [],
    'the answer is not stored',
    async (server) => hasDirective(await introspect(server, (await server.session()).accessToken), 'Cache-Control', 'no-store'),
    SPEC.introspectionRfc,
  ),
  shall('introspection-invalid-status', [271], 'what is no token is asked about with 200', async (server) =>
    hasStatus(await introspect(server, 'invalid_token_value'), 200),
  ),
  shall('introspection-invalid', [272], 'what is no token is not active', async (server) => {
    const told = objectOf(await introspect(server, 'invalid_token_value'));
    insist(told.active === false, `active is ${JSON.stringify(told.active)}`);
  }),
  should('introspection-invalid-quiet', [271], 'of what is no token nothing else is told', async (server) => {
    const members = Object.keys(objectOf(await introspect(server, 'invalid_token_value')));
    insist(members.length === 1, `told: ${members.join(', ')}`);
  }),
  shall('introspection-tampered', [272], 'a token that was changed is not active', async (server) => {
    const { accessToken } = await server.session();
    const middle = Math.floor(accessToken.length / 2);
    const changed = accessToken.slice(0, middle) + (accessToken[middle] === 'x' ? 'y' : 'x') + accessToken.slice(middle + 1);
    insist(objectOf(await introspect(server, changed)).active === false, 'it is active');
  }),
  shall(
    'introspection-anonymous',
    [281],
    'who does not say who they are is told nothing',
    async (server) => {
      const { accessToken } = await server.session();
      const answer = await server.ask(await url(server), { form: { token: accessToken } });
      hasStatus(answer, 400, 401, 403);
      insist(!answer.text.includes('"active":true'), 'the answer says that the token is active');
    },
    SPEC.introspectionRfc,
  ),
  shall('introspection-bearer', [282], 'a Bearer token with the right to ask is taken', async (server) => {
    const answer = await askWithToken(server, (await server.session()).accessToken, await server.backendToken());
    hasStatus(answer, 200);
    insist(objectOf(answer).active === true, 'a live token is not active');
  }),
  shall('introspection-any-client', [283], 'a Bearer token asks about tokens of any client', async (server) => {
    const kinds = (['public', 'symmetric', 'asymmetric'] as const).filter((kind) => server.config.clients[kind] !== undefined);
    const bearer = await server.backendToken();
    for (const client of kinds) {
      const { accessToken } = await server.session({ client });
      insist(objectOf(await askWithToken(server, accessToken, bearer)).active === true, `the token of the ${client} client is not active`);
    }
  }),
  shall('introspection-bad-bearer', [281], 'a Bearer token that is none is refused', async (server) =>
    hasStatus(await askWithToken(server, (await server.session()).accessToken, 'not-a-token'), 401, 403),
  ),
]);
