/**
 * The code is redeemed for tokens: by each kind of client, and by nobody else.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#obtain-access-token
 */
import { applies, checkGroup, insist, shall, should } from '../check.ts';
import type { AppKind } from '../client-authentication.ts';
import { type Fields, jsonOf, objectOf } from '../http.ts';
import type { SmartServer } from '../smart-server.ts';
import { SPEC } from '../specifications.ts';
import { capabilitiesOf } from './discovery.ts';
import { hasDirective, hasStatus, isReadableFrom, isRefused, isRefusedAs, originOf } from './expectations.ts';
import { responseMembers } from './response-members.ts';

const OF_CLIENT: readonly (readonly [kind: AppKind, requirements: readonly number[], capability: string, spec: string])[] = [
  ['public', [355], 'client-public', SPEC.token],
  ['symmetric', [356], 'client-confidential-symmetric', SPEC.symmetric],
  ['asymmetric', [297, 357], 'client-confidential-asymmetric', SPEC.asymmetric],
];
const WRONG_VERIFIER = 'w'.repeat(64);

async function refusedWith(server: SmartServer, fields: Fields): Promise<void> {
  isRefused(await server.redeem(await server.code(), fields));
}

const badCode = (server: SmartServer) =>
  server.token(server.app(), {
    grant_type: 'authorization_code',
    code: 'BAD_CODE',
    redirect_uri: server.app().redirectUri,
    code_verifier: WRONG_VERIFIER,
  });

/** What is wrong with a request for the token, all else being right. */
const REFUSED: readonly (readonly [id: string, requirements: readonly number[], what: string, fields: Fields, spec: string])[] = [
  ['verifier-missing', [31], 'without code_verifier', { code_verifier: undefined }, SPEC.pkce],
  ['verifier-empty', [31], 'with an empty code_verifier', { code_verifier: '' }, SPEC.pkce],
  ['verifier-wrong', [31], 'with another code_verifier', { code_verifier: WRONG_VERIFIER }, SPEC.pkce],
  ['redirect-other', [], 'with another redirect_uri', { redirect_uri: 'https://attacker.example/callback' }, SPEC.oauth],
  ['redirect-missing', [], 'without redirect_uri', { redirect_uri: undefined }, SPEC.oauth],
  ['code-missing', [], 'without code', { code: undefined }, SPEC.oauth],
];

export const REDEMPTION = checkGroup('Access token', SPEC.token, [
  ...responseMembers({
    prefix: 'token',
    what: 'the code',
    get: async (server) => (await server.session()).answer,
    requirements: {
      ...{ status: [73], json: [73, 84], accessToken: [74, 85], tokenType: [75] },
      ...{ expiresIn: [76, 88], shortLived: [91], scope: [78] },
    },
    mustTellExpiry: false,
  }),
  should('token-requested-scopes', [], 'all requested scopes are granted', async (server) => {
    const { authorization, scopes } = await server.session();
    const missing = String(authorization.sent.scope)
      .split(' ')
      .filter((scope) => !scopes.includes(scope));
    insist(missing.length === 0, `not granted: ${missing.join(' ')}`);
  }),
  shall('token-plain-scopes', [78], 'granted scopes that name no resource are told too', async (server) => {
    const { authorization, scopes } = await server.session();
    const wanted = String(authorization.sent.scope)
      .split(' ')
      .filter((scope) => ['openid', 'fhirUser', 'launch', 'launch/patient'].includes(scope));
    const missing = wanted.filter((scope) => !scopes.includes(scope));
    insist(missing.length === 0, `not told: ${missing.join(' ')}`);
  }),
  should('token-no-more-scopes', [78], 'no scope is granted that was not asked for', async (server) => {
    const { authorization, scopes } = await server.session();
    const asked = String(authorization.sent.scope).split(' ');
    const more = scopes.filter((scope) => !asked.includes(scope));
    insist(more.length === 0, `granted besides: ${more.join(' ')}`);
  }),
  ...OF_CLIENT.map(([kind, requirements, capability, spec]) =>
    shall(
      `token-${kind}-client`,
      requirements,
      `a code is redeemed by a client of the kind ${kind}`,
      async (server) => {
        applies((await capabilitiesOf(server)).includes(capability), `${capability} is not announced`);
        hasStatus((await server.session({ client: kind })).answer, 200);
      },
      spec,
    ),
  ),
  shall(
    'token-cors',
    [17],
    'the page of a public client may read the token response',
    async (server) => {
      const { answer, client } = await server.session({ client: 'public' });
      isReadableFrom(answer, originOf(client));
    },
    SPEC.cors,
  ),
  shall(
    'token-cors-preflight',
    [17],
    'the page of a public client may ask the token endpoint',
    async (server) => {
      const origin = originOf(server.app('public'));
      const headers = { Origin: origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' };
      const answer = await server.ask(await server.endpoint('token_endpoint'), { method: 'OPTIONS', headers });
      hasStatus(answer, 200, 204);
      isReadableFrom(answer, origin);
    },
    SPEC.cors,
  ),
  shall(
    'token-bad-code',
    [],
    'an invented code is refused with 400',
    async (server) => hasStatus(await badCode(server), 400),
    SPEC.oauthErrors,
  ),
  shall(
    'token-bad-code-error',
    [73],
    'an invented code is refused as invalid_grant',
    async (server) => isRefusedAs(await badCode(server), 'invalid_grant'),
    SPEC.oauthErrors,
  ),
  should('token-error-no-store', [86], 'a refusal is answered with Cache-Control: no-store', async (server) =>
    hasDirective(await badCode(server), 'Cache-Control', 'no-store'),
  ),
  shall(
    'token-code-replayed',
    [],
    'a code is good once',
    async (server) => {
      const authorization = await server.code();
      hasStatus(await server.redeem(authorization), 200);
      isRefused(await server.redeem(authorization));
    },
    SPEC.code,
  ),
  should(
    'token-code-replayed-revokes',
    [],
    'a code that comes again ends the tokens it gave',
    async (server) => {
      const session = await server.freshSession();
      isRefused(await server.redeem(session.authorization));
      const answer = await server.fhir(session.accessToken, `Patient/${server.config.patients?.first.id ?? session.body.patient}`);
      hasStatus(answer, 401);
    },
    SPEC.bestPractice,
  ),
  shall(
    'token-code-race',
    [],
    'of two who bring a code at the same time one gets tokens',
    async (server) => {
      const authorization = await server.code();
      const statuses = (await Promise.all([server.redeem(authorization), server.redeem(authorization)])).map(({ status }) => status);
      insist(statuses.filter((status) => status === 200).length <= 1, 'both got tokens');
    },
    SPEC.code,
  ),
  ...REFUSED.map(([id, requirements, what, fields, spec]) =>
    shall(`token-${id}`, requirements, `a code is refused ${what}`, async (server) => refusedWith(server, fields), spec),
  ),
  shall(
    'token-verifier-challenge',
    [31],
    'a code is refused with the challenge in place of the verifier',
    async (server) => {
      const authorization = await server.code();
      isRefused(await server.redeem(authorization, { code_verifier: authorization.sent.code_challenge }));
    },
    SPEC.pkce,
  ),
  shall('token-unknown-client', [], 'a code is refused from an unknown client', async (server) => {
    server.app('public');
    isRefused(await server.redeem(await server.code({ client: 'public' }), { client_id: 'BAD_CLIENT_ID' }));
  }),
  shall('token-other-client', [], 'a code is refused from another client than it was given to', async (server) => {
    const authorization = await server.code({ client: 'public' });
    isRefused(await server.redeem({ ...authorization, client: { ...server.app('other'), redirectUri: authorization.client.redirectUri } }));
  }),
  shall(
    'token-grant-type-missing',
    [],
    'a request without grant_type is refused as invalid_request',
    async (server) => isRefusedAs(await server.token(server.app(), {}), 'invalid_request'),
    SPEC.oauthErrors,
  ),
  shall(
    'token-grant-type-unknown',
    [],
    'a request with an unknown grant_type is refused as unsupported_grant_type',
    async (server) =>
      isRefusedAs(
        await server.token(server.app(), { grant_type: 'password' }),
        'unsupported_grant_type',
        'unauthorized_client',
        'invalid_request',
      ),
    SPEC.oauthErrors,
  ),
  shall(
    'token-by-get',
    [],
    'nothing is given for GET',
    async (server) => {
      const authorization = await server.code();
      const query = new URLSearchParams({
        grant_type: 'authorization_code',
        code: authorization.returned.get('code') ?? '',
        client_id: authorization.client.clientId,
      });
      query.set('redirect_uri', authorization.client.redirectUri);
      query.set('code_verifier', authorization.verifier);
      const answer = await server.ask(`${await server.endpoint('token_endpoint')}?${query}`);
      insist(answer.status >= 400 && answer.status < 500, `status ${answer.status}`);
    },
    SPEC.oauth,
  ),
  shall(
    'token-by-json',
    [],
    'a request as JSON is refused and breaks nothing',
    async (server) => {
      const body = JSON.stringify({ grant_type: 'authorization_code', code: 'x' });
      const answer = await server.ask(await server.endpoint('token_endpoint'), { body, headers: { 'Content-Type': 'application/json' } });
      insist(answer.status >= 400 && answer.status < 500, `status ${answer.status}`);
    },
    SPEC.oauth,
  ),
  shall(
    'token-parameter-twice',
    [],
    'a request that says the code twice is refused',
    async (server) => {
      const authorization = await server.code({ client: 'public' });
      const form = new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: authorization.client.clientId,
        code_verifier: authorization.verifier,
      });
      form.set('redirect_uri', authorization.client.redirectUri);
      for (const code of [authorization.returned.get('code') ?? '', 'another']) form.append('code', code);
      isRefused(await server.ask(await server.endpoint('token_endpoint'), { form }));
    },
    SPEC.oauth,
  ),
  shall(
    'symmetric-wrong-secret',
    [],
    'a wrong secret is refused as invalid_client',
    async (server) => {
      const authorization = await server.code({ client: 'symmetric' });
      const client = { ...authorization.client, secret: 'not-the-secret' };
      isRefusedAs(await server.redeem({ ...authorization, client }), 'invalid_client');
    },
    SPEC.symmetric,
  ),
  shall(
    'symmetric-challenge',
    [],
    'a wrong secret in the Authorization header is answered with 401 and WWW-Authenticate',
    async (server) => {
      const client = { ...server.app('symmetric'), secret: 'not-the-secret' };
      const answer = await server.token(client, { grant_type: 'authorization_code', code: 'x', redirect_uri: client.redirectUri });
      hasStatus(answer, 401);
      insist(answer.headers.has('WWW-Authenticate'), 'there is no WWW-Authenticate');
    },
    SPEC.oauthErrors,
  ),
  shall(
    'symmetric-no-secret',
    [],
    'a code of a client with a secret is refused without it',
    async (server) => {
      const authorization = await server.code({ client: 'symmetric' });
      const { secret: _secret, ...client } = authorization.client;
      isRefused(await server.redeem({ ...authorization, client }));
    },
    SPEC.symmetric,
  ),
  shall(
    'asymmetric-no-assertion',
    [],
    'a code of a client with a key is refused without its assertion',
    async (server) => {
      const authorization = await server.code({ client: 'asymmetric' });
      const { privateKey: _key, ...client } = authorization.client;
      isRefused(await server.redeem({ ...authorization, client }));
    },
    SPEC.asymmetric,
  ),
  should(
    'token-error-quiet',
    [],
    'a refusal does not repeat the code',
    async (server) => {
      const answer = await badCode(server);
      insist(!answer.text.includes('BAD_CODE'), 'the refusal repeats the code');
      insist(!/\bat .+:\d+:\d+/.test(answer.text), 'the refusal shows a stack');
    },
    SPEC.bestPractice,
  ),
  shall(
    'token-error-shape',
    [73],
    'a refusal is JSON with error as text',
    async (server) => {
      const answer = await badCode(server);
      insist(typeof objectOf(answer).error === 'string', `the refusal is ${JSON.stringify(jsonOf(answer))}`);
    },
    SPEC.oauthErrors,
  ),
]);
