/**
 * Checks the claims of an id_token that came straight from the EHR's token endpoint.
 *
 * The signature is verified by the shared service, which gets the same token in the exchange; OpenID Connect lets a client
 * rely on TLS for a token that it fetched itself (Core 3.1.3.7, item 6).
 *
 * Spec: https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
 */
import { AppError } from './app-error.ts';

/** The claims that the app reads. */
export interface IdTokenClaims {
  readonly iss: string;
  readonly aud: string | readonly string[];
  readonly exp: number;
  readonly nonce?: string;
  readonly azp?: string;
  readonly fhirUser?: string;
  /** The user's language at the EHR, as BCP 47. */
  readonly locale?: string;
}

const CLOCK_SKEW_SECONDS = 60;

const refuse = (reason: string): never => {
  throw new AppError('launch-refused', `id_token: ${reason}`);
};

/** @returns the payload of a JWT, without any check; undefined when it is not a JWT. */
function decodePayload(token: string): IdTokenClaims | undefined {
  const part = token.split('.')[1];
  if (part === undefined) return undefined;
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as IdTokenClaims;
  } catch {
    return undefined;
  }
}

/**
 * @returns the claims, when issuer, audience, nonce and expiry hold (one minute of clock skew is allowed).
 * @throws AppError `launch-refused` naming the claim that does not.
 */
export function checkIdToken(token: string, expected: { issuer: string; clientId: string; nonce?: string; nowMs: number }): IdTokenClaims {
  const claims = decodePayload(token) ?? refuse('not a JWT');
  const audience = typeof claims.aud === 'string' ? [claims.aud] : (claims.aud ?? []);
  if (claims.iss !== expected.issuer) refuse('iss is not the issuer of the launch');
  if (!audience.includes(expected.clientId)) refuse('aud is not this app');
  if (audience.length > 1 && claims.azp !== expected.clientId) refuse('azp is not this app');
  if (expected.nonce !== undefined && claims.nonce !== expected.nonce) refuse('nonce is not that of the launch');
  if (typeof claims.exp !== 'number' || claims.exp + CLOCK_SKEW_SECONDS < expected.nowMs / 1000) refuse('exp has passed');
  return claims;
}
