/**
 * Random values and the S256 challenge of PKCE.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc7636#section-4
 */

import { AppError } from './app-error.ts';

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** @returns 256 random bits as 43 characters of base64url: for state, nonce and code verifier. */
export const randomValue = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));

/**
 * @returns the code challenge: BASE64URL(SHA256(ASCII(verifier))).
 * @throws AppError `unexpected` on a page that is neither https nor localhost: browsers have no WebCrypto there.
 */
export async function codeChallenge(verifier: string): Promise<string> {
  if (crypto.subtle === undefined) throw new AppError('unexpected', 'no WebCrypto: the app must be opened over https or on localhost');
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
}
