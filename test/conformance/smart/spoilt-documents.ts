/** Servers whose documents or id_tokens are wrong in one thing, and the checks that must say so. */
import type { JWK } from 'jose';
import type { Spoiler } from './front.ts';
import { answering, at, configuration, header, json, signing, tokens } from './spoilers.ts';
import type { Spoilt } from './spoilt-servers.ts';

const OPENID = '/.well-known/openid-configuration';
const openid = (changes: object): Spoiler => json(OPENID, () => changes as Record<string, unknown>);
const keys = (change: (key: JWK) => readonly JWK[]): Spoiler => json('/jwks', (body) => ({ keys: change((body.keys as JWK[])[0]!) }));

/** Changes the text of an answer at a route. */
function rewriting(route: string, change: (body: string) => string): Spoiler {
  return {
    reply(reply, sent) {
      if (at(sent, route)) reply.body = change(reply.body);
    },
  };
}

/** An id_token with another header. */
function withHeader(changes: object): Spoiler {
  return tokens(({ id_token: token }) => {
    const [head, ...rest] = String(token).split('.');
    const changed = { ...JSON.parse(Buffer.from(head!, 'base64url').toString()), ...changes };
    return { id_token: [Buffer.from(JSON.stringify(changed)).toString('base64url'), ...rest].join('.') };
  });
}

export const SPOILT_DOCUMENTS: readonly Spoilt[] = [
  {
    wrong: 'has no smart-configuration',
    spoiler: () => answering((message) => at(message, '/.well-known/smart-configuration'), 404, 'Not found'),
    found: [
      'discovery-status',
      'discovery-json',
      'discovery-accept-any',
      'discovery-accept-application-fhir-xml',
      'discovery-accept-text-html',
    ],
  },
  {
    wrong: 'says single texts where lists are wanted',
    spoiler: () => configuration({ capabilities: 'all', grant_types_supported: 'all', code_challenge_methods_supported: 'S256' }),
    found: ['discovery-capabilities', 'discovery-grant-types', 'discovery-challenge-methods'],
  },
  {
    wrong: 'does not say where its endpoints are',
    spoiler: () =>
      configuration({
        ...{ authorization_endpoint: undefined, introspection_endpoint: undefined, revocation_endpoint: undefined },
        ...{ token_endpoint: undefined, issuer: undefined, jwks_uri: undefined, response_types_supported: ['token'] },
      }),
    found: [
      ...['discovery-authorization-endpoint', 'discovery-introspection-endpoint', 'discovery-revocation-endpoint'],
      ...['discovery-token-endpoint', 'discovery-issuer', 'discovery-jwks-uri', 'discovery-response-types'],
    ],
  },
  {
    wrong: 'does not say by which grants tokens are had',
    spoiler: () => configuration({ grant_types_supported: ['password'] }),
    found: ['discovery-grant-code', 'discovery-grant-system'],
  },
  {
    wrong: 'announces clients with keys and secrets, and lets them in by neither',
    spoiler: () =>
      configuration({
        capabilities: ['client-confidential-asymmetric', 'client-confidential-symmetric', 'invented'],
        token_endpoint_auth_methods_supported: ['none'],
        token_endpoint_auth_signing_alg_values_supported: ['HS256', 'none'],
      }),
    found: [
      ...['discovery-known-capabilities', 'discovery-asymmetric-method', 'discovery-asymmetric-algorithms'],
      ...['discovery-no-weak-algorithms', 'discovery-symmetric', 'discovery-launch-ehr'],
    ],
  },
  {
    wrong: 'has a CapabilityStatement that knows nothing of SMART',
    spoiler: () =>
      rewriting('/metadata', (body) => body.replaceAll('SMART-on-FHIR', 'Basic').replace(/("url":"token","valueUri":")/, '$1x')),
    found: ['metadata-security', 'metadata-token-endpoint'],
  },
  {
    wrong: 'has no OpenID configuration',
    spoiler: () => answering((message) => at(message, OPENID), 404, 'Not found'),
    found: ['openid-configuration', 'openid-configuration-json'],
  },
  {
    wrong: 'publishes its OpenID configuration as text',
    spoiler: () => header('Content-Type', 'text/plain', OPENID),
    found: ['openid-configuration-json'],
  },
  {
    wrong: 'has an OpenID configuration that says little',
    spoiler: () =>
      openid({
        ...{ issuer: undefined, authorization_endpoint: undefined, token_endpoint: undefined },
        ...{ response_types_supported: [], subject_types_supported: 'public', id_token_signing_alg_values_supported: undefined },
      }),
    found: [
      ...['openid-issuer', 'openid-authorization-endpoint', 'openid-token-endpoint', 'openid-response-types-supported'],
      ...['openid-subject-types-supported', 'openid-id-token-signing-alg-values-supported', 'openid-rs256-announced'],
    ],
  },
  {
    wrong: 'publishes two keys of one name, one of them short',
    spoiler: () => keys((key) => [key, { ...key, n: 'AQAB' }]),
    found: ['openid-key-ids', 'openid-key-size'],
  },
  {
    wrong: 'publishes a key that is none',
    spoiler: () => keys((key) => [{ kty: 'RSA', ...(key.kid === undefined ? {} : { kid: key.kid }) }]),
    found: ['openid-keys-import', 'id-token-signature'],
  },
  {
    wrong: 'gives no id_token',
    spoiler: () => tokens(() => ({ id_token: undefined })),
    found: ['id-token-present', 'id-token-public-client', 'id-token-symmetric-client', 'id-token-asymmetric-client'],
  },
  { wrong: 'gives an id_token that is no JWT', spoiler: () => tokens(() => ({ id_token: 'nobody' })), found: ['id-token-jwt'] },
  { wrong: 'signs id_tokens otherwise', spoiler: () => withHeader({ alg: 'PS256' }), found: ['id-token-rs256', 'id-token-signature'] },
  {
    wrong: 'gives an id_token to whoever asks for none',
    spoiler: () => tokens(({ id_token: token }) => ({ id_token: token ?? 'x' })),
    found: ['id-token-not-unasked'],
  },
  { wrong: 'signs id_tokens of tomorrow', spoiler: () => signing(({ iat = 0 }) => ({ iat: iat + 86_400 })), found: ['id-token-iat'] },
  {
    wrong: 'calls a user otherwise at every launch',
    spoiler: () => {
      let count = 0;
      return signing(() => {
        count += 1;
        return { sub: `user-${count}` };
      });
    },
    found: ['id-token-same-sub'],
  },
  {
    wrong: 'names the user at another server, in clear',
    spoiler: () => signing(() => ({ fhirUser: 'http://elsewhere.example/fhir/Practitioner/pr1' })),
    found: ['fhir-user-url'],
  },
  {
    wrong: 'shows another user’s resource',
    spoiler: () => json('/Practitioner/pr1', () => ({ id: 'pr2' })),
    found: ['fhir-user-resource'],
  },
];
