/**
 * New access tokens for a refresh token: for whom it was given, and no more than was given.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#refresh-access-token
 */
import { applies, checkGroup, insist, shall, should } from '../check.ts';
import type { AppKind } from '../client-authentication.ts';
import { type Answer, type Fields, objectOf } from '../http.ts';
import { parseScope } from '../scope-text.ts';
import type { Session, SmartServer } from '../smart-server.ts';
import { SPEC } from '../specifications.ts';
import { capabilitiesOf } from './discovery.ts';
import { hasStatus, isReadableFrom, isRefused, isRefusedAs, originOf } from './expectations.ts';
import { responseMembers } from './response-members.ts';

const scopesOf = (answer: Answer) =>
  String(objectOf(answer).scope ?? '')
    .split(' ')
    .filter(Boolean);

/** One refresh that many checks look at; with and without saying the scope, as apps do. */
const kept = new WeakMap<SmartServer, Map<string, Promise<{ readonly session: Session; readonly answer: Answer }>>>();

function refreshed(server: SmartServer, fields: 'plain' | 'scope' = 'plain') {
  const ofServer = kept.get(server) ?? new Map<string, Promise<{ readonly session: Session; readonly answer: Answer }>>();
  kept.set(server, ofServer);
  const found = ofServer.get(fields) ?? refreshOnce(server, fields);
  ofServer.set(fields, found);
  return found;
}

async function refreshOnce(server: SmartServer, fields: 'plain' | 'scope') {
  const session = await withRefreshToken(server);
  return { session, answer: await server.refresh(session, fields === 'scope' ? { scope: session.scopes.join(' ') } : {}) };
}

async function withRefreshToken(server: SmartServer, client?: AppKind): Promise<Session> {
  const session = await server.freshSession(client === undefined ? {} : { client });
  applies(typeof session.body.refresh_token === 'string', 'no refresh token was given');
  return session;
}

async function refusedFor(server: SmartServer, client: AppKind, change: (session: Session) => Session, fields: Fields = {}): Promise<void> {
  server.app(client);
  isRefused(await server.refresh(change(await withRefreshToken(server, client)), fields));
}

export const REFRESH = checkGroup('Refresh', SPEC.refresh, [
  shall(
    'refresh-token-given',
    [101, 365],
    'a refresh token comes with offline_access',
    async (server) => {
      applies((await capabilitiesOf(server)).includes('permission-offline'), 'permission-offline is not announced');
      const { authorization, scopes, body } = await server.session();
      applies(
        String(authorization.sent.scope).includes('offline_access') && scopes.includes('offline_access'),
        'offline_access was not granted',
      );
      insist(typeof body.refresh_token === 'string' && body.refresh_token.length >= 22, 'there is no refresh token, or a short one');
    },
    SPEC.offline,
  ),
  shall(
    'refresh-token-online',
    [100, 366],
    'a refresh token comes with online_access',
    async (server) => {
      applies((await capabilitiesOf(server)).includes('permission-online'), 'permission-online is not announced');
      const scope = server.launchConfig(server.flow()).scope.replace('offline_access', 'online_access');
      const session = await server.freshSession({ scope });
      applies(session.scopes.includes('online_access'), 'online_access was not granted');
      hasStatus(await server.refresh(session), 200);
    },
    SPEC.offline,
  ),
  shall(
    'refresh-token-not-unasked',
    [],
    'no refresh token comes without offline_access or online_access',
    async (server) => {
      const scope = server
        .launchConfig(server.flow())
        .scope.split(' ')
        .filter((each) => !/^(off|on)line_access$/.test(each))
        .join(' ');
      const { body } = await server.freshSession({ scope });
      insist(body.refresh_token === undefined, 'a refresh token came');
    },
    SPEC.offline,
  ),
  ...responseMembers({
    prefix: 'refresh',
    what: 'a refresh',
    get: async (server) => (await refreshed(server)).answer,
    requirements: { status: [109], json: [110], accessToken: [110], tokenType: [111], expiresIn: [112], shortLived: [91], scope: [113] },
    mustTellExpiry: true,
  }),
  ...(['plain', 'scope'] as const).map((fields) =>
    shall(
      `refresh-subset-${fields}`,
      fields === 'scope' ? [104] : [104, 114],
      `a refresh ${fields === 'scope' ? 'that says its scope ' : ''}gives no more than was granted`,
      async (server) => {
        const { session, answer } = await refreshed(server, fields);
        hasStatus(answer, 200);
        const more = scopesOf(answer).filter((scope) => !session.scopes.includes(scope));
        insist(more.length === 0, `granted besides: ${more.join(' ')}`);
      },
    ),
  ),
  shall('refresh-token-works', [110], 'the new access token opens the FHIR API', async (server) => {
    const { session, answer } = await refreshed(server);
    applies(session.body.patient !== undefined, 'there is no patient in context');
    hasStatus(await server.fhir(String(objectOf(answer).access_token), `Patient/${session.body.patient}`), 200);
  }),
  shall(
    'refresh-same-patient',
    [],
    'a refresh keeps the patient',
    async (server) => {
      const { session, answer } = await refreshed(server);
      const { patient } = objectOf(answer);
      insist(patient === undefined || patient === session.body.patient, `patient was ${session.body.patient} and is ${patient}`);
    },
    SPEC.context,
  ),
  shall('refresh-narrower', [104], 'a refresh for less gives less', async (server) => {
    const session = await withRefreshToken(server);
    const fewer = session.scopes.filter((scope) => parseScope(scope) === undefined);
    applies(fewer.length > 0 && fewer.length < session.scopes.length, 'there is nothing to leave out');
    const answer = await server.refresh(session, { scope: fewer.join(' ') });
    hasStatus(answer, 200);
    const more = scopesOf(answer).filter((scope) => !fewer.includes(scope));
    insist(more.length === 0, `granted besides: ${more.join(' ')}`);
  }),
  shall('refresh-wider', [104], 'a refresh for more is refused, or gives no more', async (server) => {
    const session = await withRefreshToken(server);
    const answer = await server.refresh(session, { scope: `${session.scopes.join(' ')} patient/*.cruds user/*.cruds system/*.cruds` });
    if (answer.status !== 200) return isRefusedAs(answer, 'invalid_scope', 'invalid_grant', 'invalid_request');
    const more = scopesOf(answer).filter((scope) => !session.scopes.includes(scope));
    insist(more.length === 0, `granted besides: ${more.join(' ')}`);
  }),
  shall('refresh-invented', [], 'an invented refresh token is refused', async (server) => {
    const answer = await server.token(server.app(), { grant_type: 'refresh_token', refresh_token: 'made-up-by-the-suite' });
    isRefusedAs(answer, 'invalid_grant', 'invalid_client', 'invalid_request');
  }),
  shall(
    'refresh-missing',
    [],
    'a request without refresh token is refused as invalid_request',
    async (server) => isRefusedAs(await server.token(server.app(), { grant_type: 'refresh_token' }), 'invalid_request'),
    SPEC.oauthErrors,
  ),
  shall('refresh-by-access-token', [], 'an access token is no refresh token', async (server) => {
    const { client, accessToken } = await server.session();
    isRefused(await server.token(client, { grant_type: 'refresh_token', refresh_token: accessToken }));
  }),
  shall('refresh-other-client', [103], 'the refresh token of one client is refused from another', async (server) => {
    const other = server.app('other');
    await refusedFor(server, 'public', (session) => ({ ...session, client: other }));
  }),
  should('refresh-public-unnamed', [], 'a public client refreshes by the refresh token alone', async (server) => {
    server.app('public');
    const { body } = await withRefreshToken(server, 'public');
    const form = { grant_type: 'refresh_token', refresh_token: String(body.refresh_token) };
    hasStatus(await server.ask(await server.endpoint('token_endpoint'), { form }), 200);
  }),
  shall(
    'refresh-symmetric',
    [356],
    'a client with a secret refreshes',
    async (server) => {
      server.app('symmetric');
      hasStatus(await server.refresh(await withRefreshToken(server, 'symmetric')), 200);
    },
    SPEC.symmetric,
  ),
  shall(
    'refresh-symmetric-no-secret',
    [103],
    'a client with a secret cannot refresh without it',
    async (server) =>
      refusedFor(server, 'symmetric', (session) => {
        const { secret: _secret, ...client } = session.client;
        return { ...session, client };
      }),
    SPEC.symmetric,
  ),
  shall(
    'refresh-asymmetric',
    [357],
    'a client with a key refreshes',
    async (server) => {
      server.app('asymmetric');
      hasStatus(await server.refresh(await withRefreshToken(server, 'asymmetric')), 200);
    },
    SPEC.asymmetric,
  ),
  shall(
    'refresh-asymmetric-no-assertion',
    [103],
    'a client with a key cannot refresh without its assertion',
    async (server) =>
      refusedFor(server, 'asymmetric', (session) => {
        const { privateKey: _key, ...client } = session.client;
        return { ...session, client };
      }),
    SPEC.asymmetric,
  ),
  shall(
    'refresh-cors',
    [17],
    'the page of a public client may read the answer to a refresh',
    async (server) => {
      server.app('public');
      isReadableFrom(await server.refresh(await withRefreshToken(server, 'public')), originOf(server.app('public')));
    },
    SPEC.cors,
  ),
  shall(
    'refresh-public-rotates',
    [],
    'the refresh token of a public client is exchanged for another, or bound to a key',
    async (server) => {
      server.app('public');
      const session = await withRefreshToken(server, 'public');
      const next = objectOf(await server.refresh(session)).refresh_token;
      insist(typeof next === 'string' && next !== session.body.refresh_token, 'the same refresh token stays');
    },
    SPEC.bestPractice,
  ),
  shall(
    'refresh-rotated-reused',
    [],
    'a refresh token that was exchanged is refused',
    async (server) => {
      const session = await withRefreshToken(server);
      const next = objectOf(await server.refresh(session)).refresh_token;
      applies(typeof next === 'string' && next !== session.body.refresh_token, 'refresh tokens are not exchanged');
      isRefused(await server.refresh(session));
    },
    SPEC.bestPractice,
  ),
  should(
    'refresh-reuse-ends-all',
    [],
    'a refresh token that comes again ends those after it',
    async (server) => {
      const session = await withRefreshToken(server);
      const body = objectOf(await server.refresh(session));
      applies(
        typeof body.refresh_token === 'string' && body.refresh_token !== session.body.refresh_token,
        'refresh tokens are not exchanged',
      );
      isRefused(await server.refresh(session));
      isRefused(await server.refresh({ ...session, body }));
    },
    SPEC.bestPractice,
  ),
]);
