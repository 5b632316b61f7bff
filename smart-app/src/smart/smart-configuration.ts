/**
 * Reads an EHR's SMART configuration, for the configured EHRs only.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/conformance.html
 */
import { type AppConfig, ownIssuer, type TrustedIssuer } from '../app/config.ts';
import { AppError } from './app-error.ts';

/** The endpoints of one EHR's authorization server. */
export interface SmartEndpoints {
  /** The OpenID Connect issuer that id_tokens must name. */
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** Where tokens are given up; absent where the server has no such place. */
  readonly revocationEndpoint?: string;
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

/**
 * @returns the configured EHR with this FHIR base URL, or the shared service itself where users sign in there; a slash at the end makes no
 *   difference.
 * @throws AppError `unknown-issuer` for any other: an app that followed every `iss` would send its users to anyone's login page.
 */
export function trustedIssuer(config: AppConfig, iss: string): TrustedIssuer {
  const own = ownIssuer(config);
  const known = own === undefined ? config.issuers : [...config.issuers, own];
  const found = known.find((issuer) => withoutSlash(issuer.iss) === withoutSlash(iss));
  if (!found) throw new AppError('unknown-issuer', 'iss is not among the configured EHRs');
  return found;
}

/**
 * @returns the endpoints of an EHR.
 * @throws AppError `connection` when the EHR does not answer; `launch-refused` when it lacks what the launch needs.
 */
export async function discover(issuer: TrustedIssuer, fetcher: typeof fetch = fetch): Promise<SmartEndpoints> {
  const url = `${withoutSlash(issuer.iss)}/.well-known/smart-configuration`;
  const response = await fetcher(url, { headers: { accept: 'application/json' } }).catch((cause: unknown) => {
    throw new AppError('connection', 'the EHR did not answer with its SMART configuration', { cause });
  });
  if (!response.ok) throw new AppError('connection', `smart-configuration: HTTP ${response.status}`);
  const found = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const { authorization_endpoint: authorizationEndpoint, token_endpoint: tokenEndpoint, issuer: name } = found;
  if (typeof authorizationEndpoint !== 'string' || typeof tokenEndpoint !== 'string' || typeof name !== 'string') {
    throw new AppError('launch-refused', 'smart-configuration lacks issuer, authorization_endpoint or token_endpoint');
  }
  const methods = found.code_challenge_methods_supported;
  if (!Array.isArray(methods) || !methods.includes('S256')) {
    throw new AppError('launch-refused', 'smart-configuration does not offer PKCE with S256');
  }
  const revocation = found.revocation_endpoint;
  return {
    issuer: name,
    authorizationEndpoint,
    tokenEndpoint,
    ...(typeof revocation === 'string' ? { revocationEndpoint: revocation } : {}),
  };
}
