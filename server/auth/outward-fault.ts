/**
 * Why another party could not be asked, or is not believed, in codes and names of members: for the operator's log. What
 * that party says in sentences may be about a person, and stays out.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */

/** The error code of an OAuth answer. */
export function oauthCode({ error }: Readonly<Record<string, unknown>>): string {
  return typeof error === 'string' && /^[\w.-]{1,64}$/.test(error) ? error : 'an answer without an error code';
}

/** Of `fetch`, what was behind it (`ECONNREFUSED`, `CERT_HAS_EXPIRED`); of a token, which claim is not as it should be. */
export function faultCode(error: unknown): string {
  const { name, code, claim } = (error instanceof Error && error.cause instanceof Error ? error.cause : error) as {
    readonly name: string;
    readonly code?: unknown;
    readonly claim?: unknown;
  };
  return [typeof code === 'string' ? code : name, ...(typeof claim === 'string' ? [claim] : [])].join(' ');
}

/** Timed out, no key set, and any answer but 200 or without JSON. */
const KEY_SET_CODES: readonly unknown[] = ['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'];

/** True when what failed was to get the keys that a token is verified with: the token may be good. */
export function isForWantOfKeys(error: unknown): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return KEY_SET_CODES.includes(code) || message === 'fetch failed';
}
