/**
 * Where an OpenID provider tells of itself.
 *
 * Spec: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationRequest
 */

/** The URL of its configuration; a slash at the end of the issuer is part of its name and not of this URL. */
export function openidConfigurationUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}
