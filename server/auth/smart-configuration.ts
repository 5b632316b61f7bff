/**
 * The content of `{fhir}/.well-known/smart-configuration`: only what is built, with absolute URLs.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/conformance.html
 */
import type { AuthorizationServerOptions } from './authorization-server.ts';
import { CLIENT_ASSERTION_ALGORITHMS, type ClientRegistration, type GrantType } from './clients.ts';
import { DPOP_ALGORITHMS } from './dpop-proof.ts';
import { ROUTES } from './provider-settings.ts';

export type SmartConfiguration = Readonly<Record<string, unknown>>;

/** What clients with a browser in front of them can do here; left out of an issuer nobody launches from. */
const LAUNCH_CAPABILITIES = [
  'authorize-post',
  'client-public',
  'client-confidential-symmetric',
  'sso-openid-connect',
  'permission-offline',
  'permission-online',
  'permission-patient',
  'permission-user',
];
/** What an issuer can do whose EHR opens apps. */
const EHR_CAPABILITIES = ['launch-ehr', 'context-banner', 'context-style', 'context-ehr-patient', 'context-ehr-encounter'];
/** What an issuer can do that signs users in itself. */
const STANDALONE_CAPABILITIES = ['launch-standalone', 'context-standalone-patient'];
const EVERYWHERE = ['client-confidential-asymmetric', 'permission-v1', 'permission-v2'];

/** The SMART configuration of an issuer, from what its clients may do now. */
export function smartConfiguration(options: AuthorizationServerOptions, clients: readonly ClientRegistration[]): SmartConfiguration {
  const grants = [...new Set(clients.flatMap((client) => client.grants))].sort();
  const launches = grants.includes('authorization_code');
  const at = (path: string) => options.issuer + path;
  const brands = options.brands?.();
  return {
    issuer: options.issuer,
    jwks_uri: at(ROUTES.jwks),
    ...(launches ? { authorization_endpoint: at(ROUTES.authorization) } : {}),
    token_endpoint: at(ROUTES.token),
    introspection_endpoint: at(ROUTES.introspection),
    revocation_endpoint: at(ROUTES.revocation),
    ...(launches ? { pushed_authorization_request_endpoint: at(ROUTES.pushed_authorization_request) } : {}),
    grant_types_supported: grants satisfies readonly GrantType[],
    response_types_supported: launches ? ['code'] : [],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_basic', 'none'],
    token_endpoint_auth_signing_alg_values_supported: [...CLIENT_ASSERTION_ALGORITHMS],
    dpop_signing_alg_values_supported: [...DPOP_ALGORITHMS],
    scopes_supported: supportedScopes(clients),
    ...(brands === undefined ? {} : { user_access_brand_bundle: brands.bundle, user_access_brand_identifier: brands.identifier }),
    capabilities: launches ? [...launchCapabilities(options), ...EVERYWHERE] : EVERYWHERE,
  };
}

function launchCapabilities({ opensApps = true, signIn }: AuthorizationServerOptions): readonly string[] {
  return [...(opensApps ? EHR_CAPABILITIES : []), ...(signIn === undefined ? [] : STANDALONE_CAPABILITIES), ...LAUNCH_CAPABILITIES];
}

function supportedScopes(clients: readonly ClientRegistration[]): readonly string[] {
  return [...new Set(clients.flatMap((client) => client.scopes))].sort();
}
