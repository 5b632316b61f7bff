/** Servers that do one thing wrong, and the checks that must say so. */
import { createHash } from 'node:crypto';
import type { JWK } from 'jose';
import { assertionFields } from '../../../server/auth/client-token.ts';
import type { Spoiler } from './front.ts';
import type { Servers } from './servers.ts';
import {
  answering,
  asking,
  at,
  configuration,
  header,
  isRefresh,
  json,
  masterToken,
  opening,
  parameters,
  redirect,
  redirectingAnywhere,
  remembering,
  rewriting,
  signing,
  tokens,
} from './spoilers.ts';

export interface Spoilt {
  /** What the server does wrong. */
  readonly wrong: string;
  readonly spoiler: (servers: Servers) => Spoiler | Promise<Spoiler>;
  /** Checks that must fail, all of them. */
  readonly found: readonly string[];
}

const KNOWN_VERIFIER = 'k'.repeat(64);
const KNOWN_CHALLENGE = createHash('sha256').update(KNOWN_VERIFIER).digest('base64url');
const REDIRECT = 'https://app.example/callback';

export const SPOILT: readonly Spoilt[] = [
  {
    wrong: 'publishes its configuration as text',
    spoiler: () => header('Content-Type', 'text/plain'),
    found: ['discovery-content-type'],
  },
  {
    wrong: 'announces plain PKCE',
    spoiler: () => configuration({ code_challenge_methods_supported: ['S256', 'plain'] }),
    found: ['discovery-no-plain'],
  },
  {
    wrong: 'announces no S256',
    spoiler: () => configuration({ code_challenge_methods_supported: ['S512'] }),
    found: ['discovery-s256'],
  },
  {
    wrong: 'publishes relative URLs',
    spoiler: () => configuration({ token_endpoint: '/ehr/hospital/auth/token' }),
    found: ['discovery-absolute-urls'],
  },
  {
    wrong: 'leaves capabilities out',
    spoiler: () => configuration({ capabilities: ['launch-ehr', 'sso-openid-connect'] }),
    found: [
      ...['discovery-launch-standalone', 'discovery-asymmetric-capability', 'discovery-permission-v1'],
      ...['discovery-set-ehr', 'discovery-set-standalone', 'discovery-set-patient-ehr', 'discovery-set-patient-standalone'],
      ...['discovery-set-clinician-ehr', 'discovery-set-clinician-standalone'],
    ],
  },
  {
    wrong: 'does not say which scopes it knows',
    spoiler: () => configuration({ scopes_supported: undefined }),
    found: ['discovery-scopes', 'discovery-asymmetric-scopes'],
  },
  {
    wrong: 'hides its documents from pages of other origins',
    spoiler: () => header('Access-Control-Allow-Origin', undefined),
    found: [
      'discovery-cors',
      'metadata-cors',
      'token-cors',
      'token-cors-preflight',
      'fhir-user-cors',
      'context-style-cors',
      'access-cors-preflight',
      'brands-cors',
    ],
  },
  {
    wrong: 'asks for a token at /metadata',
    spoiler: () => answering(({ path }) => path.includes('/metadata'), 401, '{}'),
    found: ['metadata-public'],
  },
  {
    wrong: 'lets tokens be stored',
    spoiler: () => header('Cache-Control', undefined),
    found: [
      'token-no-store',
      'refresh-no-store',
      'backend-no-store',
      'introspection-no-store',
      'sign-in-not-stored',
      'token-error-no-store',
    ],
  },
  {
    wrong: 'leaves out Pragma',
    spoiler: () => header('Pragma', undefined),
    found: ['token-no-cache', 'refresh-no-cache', 'backend-no-cache'],
  },
  {
    wrong: 'accepts PKCE by plain',
    spoiler: () =>
      asking('/authorize', (given) => {
        if (given.get('code_challenge_method') !== 'S256') given.set('code_challenge_method', 'S256');
      }),
    found: ['authorization-pkce-plain', 'authorization-pkce-no-method', 'authorization-pkce-unknown-method'],
  },
  {
    wrong: 'does without PKCE',
    spoiler: () =>
      asking('/authorize', (given) => {
        if (!given.get('code_challenge')) given.set('code_challenge', KNOWN_CHALLENGE);
        given.set('code_challenge_method', 'S256');
      }),
    found: ['authorization-pkce-none', 'authorization-pkce-empty'],
  },
  {
    wrong: 'does not look at the verifier',
    spoiler: () => ({
      request(message) {
        if (at(message, '/authorize')) parameters(message, (given) => given.set('code_challenge', KNOWN_CHALLENGE));
        if (at(message, '/token')) parameters(message, (given) => given.set('code_verifier', KNOWN_VERIFIER));
      },
    }),
    found: ['token-verifier-missing', 'token-verifier-empty', 'token-verifier-wrong', 'token-verifier-challenge'],
  },
  {
    wrong: 'leaves out state',
    spoiler: () => redirect((location) => location.searchParams.delete('state')),
    found: ['authorization-state', 'authorization-error-state'],
  },
  {
    wrong: 'decodes state once too often',
    spoiler: () => redirect((location) => location.searchParams.set('state', decodeURIComponent(location.searchParams.get('state') ?? ''))),
    found: ['authorization-state'],
  },
  {
    wrong: 'does not look at aud',
    spoiler: (servers) => asking('/authorize', (given) => given.set('aud', servers.suiteConfig('hospital').fhirBaseUrl)),
    found: ['authorization-aud-other', 'authorization-aud-missing', 'authorization-aud-empty', 'authorization-aud-similar'],
  },
  {
    wrong: 'redirects to whatever address it is given',
    spoiler: () => redirectingAnywhere(REDIRECT),
    found: ['authorization-redirect-unregistered', 'authorization-redirect-longer-path', 'authorization-redirect-other-port'],
  },
  {
    wrong: 'sends a token in the redirect',
    spoiler: () => redirect((location) => location.searchParams.set('access_token', 'x')),
    found: ['authorization-no-token'],
  },
  {
    wrong: 'gives the code in the fragment',
    spoiler: () =>
      redirect((location) => {
        location.hash = location.search.slice(1);
        location.search = '';
      }),
    found: ['authorization-redirect-uri'],
  },
  {
    wrong: 'names another issuer in the redirect',
    spoiler: () => redirect((location) => location.searchParams.set('iss', 'https://another.example')),
    found: ['authorization-issuer'],
  },
  {
    wrong: 'takes a launch as often as it comes',
    spoiler: (servers) => {
      const seen = new Set<string>();
      return {
        async request(message) {
          const launch = new URL(message.path, 'http://x').searchParams.get('launch');
          if (!at(message, '/authorize') || launch === null) return;
          if (!seen.has(launch)) {
            seen.add(launch);
            return;
          }
          const url = `${servers.front.origin}/launch/hospital?client=public-app&patient=p1`;
          const fresh = (await (await fetch(url)).json()) as { launch: string };
          parameters(message, (given) => given.set('launch', fresh.launch));
        },
      };
    },
    found: ['authorization-launch-replayed'],
  },
  {
    wrong: 'gives access although the user says no',
    spoiler: () => rewriting('/sign-in/', (body) => body.replace('step=refuse', 'step=enter&id=r1')),
    found: ['authorization-denied'],
  },
  {
    wrong: 'grants what the user left out',
    spoiler: () => rewriting('step=allow', (body) => `${body}&scope=patient%2FObservation.rs`),
    found: ['scope-left-out', 'scope-left-out-enforced', 'granular-part-granted', 'granular-part-enforced'],
  },
  {
    wrong: 'lets its sign-in be framed',
    spoiler: () => header('Content-Security-Policy', undefined),
    found: ['sign-in-not-framed'],
  },
  {
    wrong: 'takes a code twice',
    spoiler: () => remembering('code'),
    found: ['token-code-replayed', 'token-code-replayed-revokes'],
  },
  {
    wrong: 'does not look at the redirect URI of a code',
    spoiler: () =>
      asking('/token', (given) => {
        if (given.has('code')) given.set('redirect_uri', REDIRECT);
      }),
    found: ['token-redirect-other', 'token-redirect-missing'],
  },
  {
    wrong: 'answers refusals with 200',
    spoiler: () => ({
      reply(reply, sent) {
        if (at(sent, '/token')) reply.status = 200;
      },
    }),
    found: ['token-bad-code', 'token-verifier-wrong', 'backend-grant-type', 'assertion-audience', 'refresh-invented'],
  },
  {
    wrong: 'gives tokens for GET',
    spoiler: () => ({
      request(message) {
        if (!at(message, '/token') || message.method !== 'GET') return;
        message.method = 'POST';
        message.headers['content-type'] = 'application/x-www-form-urlencoded';
        message.body = message.path.split('?')[1] ?? '';
      },
    }),
    found: ['token-by-get'],
  },
  {
    wrong: 'gives the code of one client to another',
    spoiler: () => rewriting('/token', (body) => body.replace('client_id=other-app', 'client_id=public-app')),
    found: ['token-other-client', 'refresh-other-client'],
  },
  {
    wrong: 'tells expires_in as text',
    spoiler: () => tokens((body) => ({ expires_in: String(body.expires_in) })),
    found: ['token-expires-in', 'backend-expires-in', 'refresh-expires-in'],
  },
  {
    wrong: 'tells no expires_in',
    spoiler: () => tokens(() => ({ expires_in: undefined })),
    found: ['token-expires-in-told', 'backend-expires-in', 'refresh-expires-in'],
  },
  {
    wrong: 'does not say in words why it refuses',
    spoiler: () => json('/token', (_body, _sent, reply) => (reply.status < 400 ? {} : { error_description: undefined })),
    found: ['assertion-error-description'],
  },
  {
    wrong: 'tells no scope',
    spoiler: () => tokens(() => ({ scope: undefined })),
    found: ['token-scope', 'refresh-scope', 'backend-scope'],
  },
  {
    wrong: 'gives tokens of a type of its own',
    spoiler: () => tokens(() => ({ token_type: 'mac' })),
    found: ['token-token-type', 'refresh-token-type', 'backend-token-type'],
  },
  {
    wrong: 'leaves scopes without a resource out of its answer',
    spoiler: () => tokens((body) => ({ scope: String(body.scope).replace('openid fhirUser ', '') })),
    found: ['token-plain-scopes', 'token-requested-scopes'],
  },
  {
    wrong: 'does not say whether a banner is needed',
    spoiler: () => tokens(() => ({ need_patient_banner: undefined })),
    found: ['context-banner'],
  },
  {
    wrong: 'tells a style that is not there',
    spoiler: () => tokens((body) => ({ smart_style_url: `${body.smart_style_url}-gone` })),
    found: ['context-style-json'],
  },
  {
    wrong: 'says the same patient at every launch',
    spoiler: () => tokens(() => ({ patient: 'p1' })),
    found: ['context-patients-apart'],
  },
  {
    wrong: 'repeats the patient in fhirContext, with an empty role',
    spoiler: () => tokens(() => ({ fhirContext: [{ reference: 'Patient/p1' }, { reference: 'https://a.example/CarePlan/1', role: '' }] })),
    found: ['context-fhir-context', 'context-fhir-context-launch', 'context-fhir-context-role'],
  },
  {
    wrong: 'calls things in fhirContext what they are not',
    spoiler: () =>
      tokens(() => ({
        fhirContext: [{ canonical: 'plan' }, { identifier: 'x', type: 'care plan' }, { reference: 'Task/1', role: 'mine' }],
      })),
    found: ['context-fhir-context-kinds', 'context-fhir-context-type', 'context-fhir-context-role-uri'],
  },
  {
    wrong: 'tells things of its own under plain names',
    spoiler: () => tokens(() => ({ hospital: 'Fjordheim' })),
    found: ['context-own-names'],
  },
  {
    wrong: 'lets nobody read by a user/ scope',
    spoiler: () => answering(({ method, path }) => method === 'GET' && path.includes('/fhir/Practitioner?'), 403, '{}'),
    found: ['scope-user-reads'],
  },
  {
    wrong: 'calls the encounter by an URL',
    spoiler: () => tokens((body) => ({ encounter: `Encounter/${body.encounter}` })),
    found: ['context-encounter', 'context-encounter-read'],
  },
  {
    wrong: 'forgets the patient when tokens are renewed',
    spoiler: () => tokens((_body, sent) => (isRefresh(sent) ? { patient: 'p2' } : {})),
    found: ['refresh-same-patient'],
  },
  {
    wrong: 'signs id_tokens for another client',
    spoiler: () => signing(() => ({ aud: 'another-app' })),
    found: ['id-token-aud'],
  },
  {
    wrong: 'signs id_tokens in another’s name',
    spoiler: () => signing(() => ({ iss: 'https://another.example' })),
    found: ['id-token-iss'],
  },
  {
    wrong: 'gives id_tokens that have expired',
    spoiler: () => signing(() => ({ exp: 1_600_000_000 })),
    found: ['id-token-exp'],
  },
  { wrong: 'gives id_tokens for nobody', spoiler: () => signing(() => ({ sub: '' })), found: ['id-token-sub'] },
  { wrong: 'signs an at_hash of something else', spoiler: () => signing(() => ({ at_hash: 'AAAA' })), found: ['id-token-at-hash'] },
  { wrong: 'leaves the nonce out', spoiler: () => signing(() => ({ nonce: undefined })), found: ['id-token-nonce'] },
  {
    wrong: 'signs with a key that it does not publish',
    spoiler: () => signing(() => ({}), false),
    found: ['id-token-kid', 'id-token-signature'],
  },
  {
    wrong: 'calls the user a Group',
    spoiler: () => signing((claims) => ({ fhirUser: String(claims.fhirUser).replace('Practitioner', 'Group') })),
    found: ['fhir-user-type', 'fhir-user-read'],
  },
  { wrong: 'tells no user', spoiler: () => signing(() => ({ fhirUser: undefined })), found: ['fhir-user-present'] },
  {
    wrong: 'publishes its private key',
    spoiler: () => json('/jwks', (body) => ({ keys: [{ ...(body.keys as JWK[])[0], d: 'x' }] })),
    found: ['openid-no-private-key'],
  },
  {
    wrong: 'publishes no keys',
    spoiler: () => json('/jwks', () => ({ keys: [] })),
    found: ['openid-keys', 'openid-rsa-key', 'id-token-signature'],
  },
  {
    wrong: 'leaves jwks_uri out of its OpenID configuration, and names another issuer',
    spoiler: () => json('/.well-known/openid-configuration', () => ({ jwks_uri: undefined, issuer: 'https://another.example' })),
    found: ['openid-jwks-uri', 'openid-issuer-exact', 'openid-same-endpoints'],
  },
  {
    wrong: 'takes a refresh token twice',
    spoiler: () => remembering('refresh_token'),
    found: ['refresh-rotated-reused', 'refresh-reuse-ends-all'],
  },
  {
    wrong: 'says that a refresh gave more',
    spoiler: () => tokens((body, sent) => (isRefresh(sent) ? { scope: `${body.scope} user/*.cruds` } : {})),
    found: ['refresh-subset-plain', 'refresh-subset-scope', 'refresh-narrower'],
  },
  {
    wrong: 'gives every app a refresh token',
    spoiler: () => tokens((body) => ({ refresh_token: body.refresh_token ?? 'x' })),
    found: ['refresh-token-not-unasked', 'backend-no-refresh'],
  },
  {
    wrong: 'gives systems tokens for an hour',
    spoiler: () => tokens(() => ({ expires_in: 3601 })),
    found: ['backend-five-minutes', 'backend-short-lived', 'token-short-lived'],
  },
  { wrong: 'takes an assertion twice', spoiler: () => remembering('client_assertion'), found: ['assertion-replayed'] },
  {
    wrong: 'believes every assertion',
    spoiler: async (servers) => {
      const { backend } = servers.suiteConfig('hospital').clients;
      return {
        async request(message) {
          if (!at(message, '/token') || !message.body.includes('client_credentials')) return;
          const fresh = await assertionFields({ ...backend!, audience: `${servers.front.origin}/ehr/hospital/auth/token` });
          parameters(message, (given) => {
            given.delete('client_id');
            for (const [name, value] of Object.entries(fresh)) given.set(name, value);
          });
        },
      };
    },
    found: [
      ...[
        'assertion-issuer',
        'assertion-subject',
        'assertion-audience',
        'assertion-expired',
        'assertion-expiry-far',
        'assertion-jti-missing',
        'assertion-key-unnamed',
      ],
      ...['keys-by-url-unpublished', 'keys-by-url-wrong-key', 'keys-by-url-same-name', 'keys-by-url-other-jku'],
      ...['keys-by-url-withdrawn-at-once', 'keys-by-url-withdrawn', 'keys-by-url-unreachable'],
      ...['assertion-key-unknown', 'assertion-signature', 'assertion-unsigned', 'assertion-key-confusion', 'assertion-replayed'],
      ...['assertion-foreign-jku', 'backend-assertion-type', 'backend-assertion-garbage', 'backend-client-other', 'assertion-error'],
    ],
  },
  {
    wrong: 'opens its API to anybody',
    spoiler: (servers) => opening(servers, 'no token'),
    found: ['access-no-token', 'access-search-no-token', 'access-write-no-token', 'access-challenge'],
  },
  {
    wrong: 'takes anything for a token',
    spoiler: (servers) => opening(servers, 'any token'),
    found: ['access-garbage', 'access-tampered', 'access-unsigned', 'access-id-token', 'access-refresh-token', 'revocation-access-token'],
  },
  {
    wrong: 'does not look at scopes',
    spoiler: (servers) => opening(servers, 'any token'),
    found: [
      ...['scope-r-reads-only', 'scope-s-searches-only', 'scope-other-type-read'],
      ...['scope-other-type-search', 'scope-other-type-post-search', 'scope-other-type-history', 'scope-include', 'scope-revinclude'],
      ...['scope-everything', 'scope-compartment', 'scope-system-search', 'scope-batch', 'scope-v1-type'],
      ...['granular-search', 'granular-read-outside', 'granular-history', 'granular-include', 'granular-batch', 'granular-refresh'],
      ...['context-other-patient-read', 'context-other-patient-search', 'context-other-patient-total', 'context-patients-apart'],
      ...['backend-scope-enforced'],
    ],
  },
  {
    wrong: 'lets readers delete',
    spoiler: () => answering(({ method }) => method === 'DELETE', 204),
    found: ['scope-rs-no-delete'],
  },
  {
    wrong: 'forgets the query of a granular scope',
    spoiler: () => tokens((body) => ({ scope: String(body.scope).replace(/\?\S+/, '') })),
    found: ['granular-granted'],
  },
  {
    wrong: 'answers in other words of scope than it was asked in',
    spoiler: () => tokens((body) => ({ scope: String(body.scope).replaceAll('.read', '.rs') })),
    found: ['scope-v1-returned'],
  },
  {
    wrong: 'refuses without saying how to come in',
    spoiler: () => header('Www-Authenticate', undefined),
    found: ['access-challenge', 'symmetric-challenge'],
  },
  {
    wrong: 'calls every token active',
    spoiler: () => json('/introspect', () => ({ active: true })),
    found: ['introspection-invalid', 'introspection-tampered'],
  },
  {
    wrong: 'tells of a token neither patient nor client nor scope',
    spoiler: () =>
      json('/introspect', (body) =>
        Object.fromEntries(
          Object.keys(body)
            .filter((name) => name !== 'active')
            .map((name) => [name, undefined]),
        ),
      ),
    found: [
      ...[
        'introspection-patient',
        'introspection-encounter',
        'introspection-client',
        'introspection-scope',
        'introspection-exp',
        'introspection-context',
      ],
      ...['introspection-iss', 'introspection-sub', 'introspection-fhir-user'],
    ],
  },
  {
    wrong: 'tells of another time that a token expires',
    spoiler: () => json('/introspect', (body) => ({ exp: Number(body.exp) + 60 })),
    found: ['introspection-exp-told'],
  },
  {
    wrong: 'tells anybody what a token is worth',
    spoiler: async (servers) => {
      const master = await masterToken(servers);
      return {
        request(message) {
          if (at(message, '/introspect')) message.headers.authorization = `Bearer ${master}`;
        },
      };
    },
    found: ['introspection-anonymous', 'introspection-bad-bearer'],
  },
  {
    wrong: 'forgets to revoke',
    spoiler: () => answering((message) => at(message, '/revoke'), 200),
    found: ['revocation-access-token', 'revocation-refresh-token', 'revocation-ends-access', 'revocation-authenticated'],
  },
  {
    wrong: 'takes pushed requests for any audience',
    spoiler: (servers) =>
      asking('/par', (given) => {
        given.set('aud', servers.suiteConfig('hospital').fhirBaseUrl);
        given.set('code_challenge_method', 'S256');
      }),
    found: ['pushed-request-aud', 'pushed-request-pkce'],
  },
  {
    wrong: 'forgets the key a token is bound to',
    spoiler: () => ({
      request(message) {
        if (at(message, '/token')) message.headers.dpop = undefined;
      },
    }),
    found: ['dpop-token-type', 'dpop-read'],
  },
  {
    wrong: 'lets a patient/ scope stand without a patient',
    spoiler: () => tokens(() => ({ patient: undefined })),
    found: ['context-ehr-patient', 'context-standalone-patient', 'context-patient-scope'],
  },
  {
    wrong: 'lets readers write',
    spoiler: (servers) => opening(servers, 'any token'),
    found: [
      ...['scope-rs-no-create', 'scope-rs-no-update', 'scope-rs-no-patch', 'scope-rs-no-transaction', 'scope-v1-no-write'],
      ...['backend-scope-read-only', 'backend-create-not-update', 'backend-v1-write'],
    ],
  },
];
