/**
 * One POST to an OAuth token endpoint, as a public client.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc6749#section-5
 */
import { AppError, type AppErrorKind } from './app-error.ts';

/** A token endpoint's answer, with SMART's launch context. */
export interface TokenResponse {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in?: number;
  readonly scope?: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
  readonly patient?: string;
  readonly fhirUser?: string;
  /** `BTG` of a token that was given in an emergency. */
  readonly purpose_of_use?: string;
  readonly need_patient_banner?: boolean;
}

/** Used when the server does not say how long a token lives; short, so that the app asks again rather than fails. */
const DEFAULT_LIFETIME_SECONDS = 300;

/** @returns when a token expires, in ms since the epoch. */
export const expiresAtMs = (response: TokenResponse, nowMs: number): number =>
  nowMs + (response.expires_in ?? DEFAULT_LIFETIME_SECONDS) * 1000;

interface OAuthError {
  readonly error?: string;
  readonly error_description?: string;
}

const LONGEST_TEXT = 300;

/** @returns the error's code and description, for support staff. */
const errorText = ({ error, error_description: description }: OAuthError): string =>
  [error, description].filter(Boolean).join(' · ').slice(0, LONGEST_TEXT);

/**
 * @param refused the kind of error when the server says no.
 * @returns the token response.
 * @throws AppError `connection` when the server cannot be reached or answers 5xx; `refused` when it answers with an OAuth error
 *   (the message has its code and description) or with something that is not a bearer token.
 */
export async function requestToken(
  endpoint: string,
  parameters: Readonly<Record<string, string>>,
  refused: AppErrorKind,
  fetcher: typeof fetch = fetch,
): Promise<TokenResponse> {
  const response = await fetcher(endpoint, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(parameters).toString(),
    cache: 'no-store',
  }).catch((cause: unknown) => {
    throw new AppError('connection', 'the token endpoint did not answer', { cause });
  });
  if (response.status >= 500) throw new AppError('connection', `token endpoint: HTTP ${response.status}`);
  const body = (await response.json().catch(() => ({}))) as Partial<TokenResponse> & OAuthError;
  if (!response.ok) throw new AppError(refused, `token endpoint: ${errorText(body) || `HTTP ${response.status}`}`);
  if (typeof body.access_token !== 'string' || body.token_type?.toLowerCase() !== 'bearer') {
    throw new AppError(refused, 'token endpoint: no bearer token in the answer');
  }
  return body as TokenResponse;
}
