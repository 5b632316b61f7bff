/** Servers whose tokens, or what these open, are wrong in one thing, and the checks that must say so. */
import type { Message, Spoiler } from './front.ts';
import { answering, asking, at, header, isRefresh, json, masterToken, opening, tokens } from './spoilers.ts';
import type { Spoilt } from './spoilt-servers.ts';

const TOKEN = {
  access_token: 'x',
  refresh_token: 'y'.repeat(30),
  token_type: 'bearer',
  expires_in: 300,
  scope: 'openid offline_access',
  patient: 'p1',
};
const REFUSED = JSON.stringify({ error: 'invalid_request' });
const parts = ({ body }: Message) => new URLSearchParams(body);
const grant = (message: Message) => (at(message, '/token') ? parts(message).get('grant_type') : undefined);
const isFhirRead =
  (path: string) =>
  ({ method, path: asked }: Message) =>
    method === 'GET' && asked.includes(path);

/** Changes answers that refuse. */
const refusals = (changes: object | string): Spoiler => ({
  reply(reply, sent) {
    if (!at(sent, '/token') || reply.status < 400) return;
    reply.body = typeof changes === 'string' ? changes : JSON.stringify({ ...JSON.parse(reply.body), ...changes });
  },
});

/** Tokens of a refresh, or of a first request, that are otherwise. */
const refreshed = (changes: (sent: Message) => object): Spoiler =>
  tokens((_body, sent) => (isRefresh(sent) ? (changes(sent) as Record<string, unknown>) : {}));

const status = (when: (message: Message) => boolean, to: number): Spoiler => ({
  reply(reply, sent) {
    if (when(sent)) reply.status = to;
  },
});

export const SPOILT_TOKENS: readonly Spoilt[] = [
  {
    wrong: 'answers with tokens and the status of something made',
    spoiler: () => status((sent) => at(sent, '/token'), 201),
    found: ['token-status', 'refresh-status', 'backend-status'],
  },
  {
    wrong: 'gives tokens as text',
    spoiler: () => header('Content-Type', 'text/plain', '/token'),
    found: ['token-json', 'refresh-json', 'backend-json'],
  },
  {
    wrong: 'gives no access token',
    spoiler: () => tokens(() => ({ access_token: undefined })),
    found: ['token-access-token', 'backend-access-token'],
  },
  { wrong: 'gives no access token at a refresh', spoiler: () => refreshed(() => ({ access_token: '' })), found: ['refresh-access-token'] },
  { wrong: 'renews tokens for a day', spoiler: () => refreshed(() => ({ expires_in: 86_400 })), found: ['refresh-short-lived'] },
  {
    wrong: 'gives the same refresh token back',
    spoiler: () => refreshed((sent) => ({ refresh_token: parts(sent).get('refresh_token') })),
    found: ['refresh-public-rotates'],
  },
  {
    wrong: 'gives no refresh token',
    spoiler: () => tokens(() => ({ refresh_token: undefined })),
    found: ['refresh-token-given'],
  },
  {
    wrong: 'refuses to renew tokens',
    spoiler: () => answering((message) => grant(message) === 'refresh_token', 400, REFUSED),
    found: ['refresh-token-online', 'refresh-symmetric', 'refresh-asymmetric', 'refresh-public-unnamed', 'refresh-cors'],
  },
  {
    wrong: 'gives codes to apps and no tokens for them',
    spoiler: () => answering((message) => grant(message) === 'authorization_code', 400, REFUSED),
    found: ['token-public-client', 'token-symmetric-client', 'token-asymmetric-client', 'token-bad-code-error'],
  },
  { wrong: 'refuses with a list', spoiler: () => refusals('["invalid_grant"]'), found: ['token-error-shape'] },
  {
    wrong: 'repeats what it refuses',
    spoiler: () => refusals({ error_description: 'no such code: BAD_CODE' }),
    found: ['token-error-quiet'],
  },
  {
    wrong: 'gives tokens to whoever asks',
    spoiler: () => answering((message) => at(message, '/token'), 200, JSON.stringify(TOKEN)),
    found: [
      ...['token-code-missing', 'token-unknown-client', 'token-grant-type-missing', 'token-grant-type-unknown', 'token-by-json'],
      ...['token-parameter-twice', 'symmetric-wrong-secret', 'symmetric-no-secret', 'asymmetric-no-assertion'],
      ...['refresh-missing', 'refresh-by-access-token', 'refresh-symmetric-no-secret', 'refresh-asymmetric-no-assertion'],
      ...['backend-user-scope', 'backend-assertion-missing'],
      ...['assertion-issuer-missing', 'assertion-audience-missing', 'assertion-expiry-missing'],
    ],
  },
  {
    wrong: 'gives whatever is asked for, for the asking',
    spoiler: () =>
      answering(
        (message) => at(message, '/token'),
        200,
        JSON.stringify({ ...TOKEN, scope: 'system/*.cruds user/*.cruds patient/*.cruds' }),
      ),
    found: ['backend-scope-within'],
  },
  {
    wrong: 'gives more than was granted when it is asked for',
    spoiler: () => ({
      request(message) {
        if (isRefresh(message)) message.body = message.body.replace(/&scope=[^&]*/, '');
      },
      async reply(reply, sent) {
        await refreshed(() => ({ scope: parts(sent).get('scope') ?? '' })).reply?.(reply, sent);
      },
    }),
    found: ['refresh-wider'],
  },
  {
    wrong: 'cannot find patients',
    spoiler: () => answering(isFhirRead('/fhir/Patient'), 404, '{}'),
    found: [
      ...['context-ehr-patient-read', 'context-standalone-patient-read', 'scope-rs-reads', 'scope-v1-read'],
      ...['refresh-token-works', 'backend-reads', 'backend-v1-scope', 'revocation-apart'],
    ],
  },
  {
    wrong: 'cannot find observations',
    spoiler: () => answering(isFhirRead('/fhir/Observation/'), 404, '{}'),
    found: ['granular-read'],
  },
  {
    wrong: 'tells context of the wrong kind',
    spoiler: () => tokens(() => ({ smart_style_url: '/style.json', intent: 5, tenant: '' })),
    found: ['context-style', 'context-intent', 'context-tenant'],
  },
  {
    wrong: 'has a style of its own words',
    spoiler: () => json('/smart-style.json', (body) => Object.fromEntries(Object.keys(body).map((name) => [name, undefined]))),
    found: ['context-style-keys'],
  },
  {
    wrong: 'takes a token from the URL',
    spoiler: () => ({
      request(message) {
        const token = new URL(message.path, 'http://x').searchParams.get('access_token');
        if (token === null) return;
        message.headers.authorization = `Bearer ${token}`;
        message.path = message.path.split('?')[0]!;
      },
    }),
    found: ['access-token-in-url'],
  },
  {
    wrong: 'refuses without an OperationOutcome',
    spoiler: () => answering(isFhirRead('/fhir/Patient'), 401, '{"error":"unauthorized"}'),
    found: ['access-error-outcome'],
  },
  {
    wrong: 'finds by granular scopes what they do not name',
    spoiler: (servers) => opening(servers, 'any token'),
    found: ['granular-search-outside'],
  },
  {
    wrong: 'lets nobody make a resource by PUT',
    spoiler: () => answering(({ method }) => method === 'PUT', 405),
    found: ['backend-update-creates'],
  },
  {
    wrong: 'refuses tokens that are given back',
    spoiler: () => answering((message) => at(message, '/revoke'), 400, REFUSED),
    found: ['revocation-status', 'revocation-unknown'],
  },
  {
    wrong: 'lets one client give back another’s token',
    spoiler: () => asking('/revoke', (given) => given.set('client_id', 'public-app')),
    found: ['revocation-other-client'],
  },
  {
    wrong: 'hides from pages that a token was given back',
    spoiler: () => header('Access-Control-Allow-Origin', undefined, '/revoke'),
    found: ['revocation-cors'],
  },
  {
    wrong: 'answers questions about tokens with an error',
    spoiler: () => answering((message) => at(message, '/introspect'), 404, '{}'),
    found: ['introspection-status', 'introspection-invalid-status', 'introspection-bearer'],
  },
  {
    wrong: 'answers questions about tokens as text',
    spoiler: () => header('Content-Type', 'text/plain', '/introspect'),
    found: ['introspection-json'],
  },
  {
    wrong: 'calls every token over, and tells whose it was',
    spoiler: () => json('/introspect', () => ({ active: false, client_id: 'public-app' })),
    found: ['introspection-active', 'introspection-any-client', 'introspection-invalid-quiet'],
  },
  {
    wrong: 'does not look at what proves a key',
    spoiler: async (servers) => {
      const master = await masterToken(servers);
      return {
        request(message) {
          const { authorization } = message.headers;
          if (!isFhirRead('/fhir/Patient/')(message) || authorization === undefined) return;
          message.headers.authorization = `Bearer ${master}`;
          message.headers.dpop = undefined;
        },
      };
    },
    found: ['dpop-not-bearer', 'dpop-other-url', 'dpop-replayed'],
  },
  {
    wrong: 'forgets to name the key in a token that is bound to one',
    spoiler: () =>
      tokens(({ access_token: token }) => {
        const [head, claims, signature] = String(token).split('.');
        const { cnf: _cnf, ...rest } = JSON.parse(Buffer.from(claims!, 'base64url').toString());
        return { access_token: [head, Buffer.from(JSON.stringify(rest)).toString('base64url'), signature].join('.') };
      }),
    found: ['dpop-thumbprint'],
  },
];
