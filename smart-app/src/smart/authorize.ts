/**
 * The first leg of a launch: from `iss` and `launch` to the address of the EHR's authorization page; or, started at the shared service
 * itself, to that of its sign-in.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#obtain-authorization-code
 */
import type { AppConfig } from '../app/config.ts';
import { DEFAULT_EHR_SCOPE, isOwn } from '../app/config.ts';
import { AppError } from './app-error.ts';
import { codeChallenge, randomValue } from './pkce.ts';
import { discover, trustedIssuer } from './smart-configuration.ts';
import type { WindowStorage } from './window-storage.ts';

/** What the redirect page must know of the launch it ends. */
export interface PendingLaunch {
  readonly iss: string;
  /** The OpenID Connect issuer that the id_token must name. */
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly redirectUri: string;
  readonly codeVerifier: string;
  readonly nonce: string;
  readonly startedAtMs: number;
}

/** @returns the storage key of a launch. */
export const launchKey = (state: string): string => `launch:${state}`;

/**
 * Starts a launch: keeps what the redirect page needs and builds the authorization request.
 *
 * @param search the query of the launch page's address.
 * @returns the address to go to, in this same window.
 * @throws AppError `no-launch` without `iss`, or without `launch` at an EHR; `unknown-issuer`; and what `discover` throws.
 */
export async function startLaunch(options: {
  readonly search: string;
  readonly redirectUri: string;
  readonly config: AppConfig;
  readonly storage: WindowStorage;
  /** The language of the app, for the pages of the shared service's sign-in. */
  readonly language?: string;
  readonly fetcher?: typeof fetch;
}): Promise<URL> {
  const given = new URLSearchParams(options.search);
  const [iss, launch] = [given.get('iss'), given.get('launch')];
  if (!iss) throw new AppError('no-launch', 'iss is missing');
  const trusted = trustedIssuer(options.config, iss);
  // Only at the shared service is there a page that asks whom it is about; an EHR says so with its launch.
  const standalone = isOwn(trusted.iss, options.config);
  if (!launch && !standalone) throw new AppError('no-launch', 'launch is missing');
  const endpoints = await discover(trusted, options.fetcher);
  const [state, nonce, codeVerifier] = [randomValue(), randomValue(), randomValue()];
  const pending: PendingLaunch = {
    iss: trusted.iss,
    issuer: endpoints.issuer,
    tokenEndpoint: endpoints.tokenEndpoint,
    redirectUri: options.redirectUri,
    codeVerifier,
    nonce,
    startedAtMs: Date.now(),
  };
  options.storage.hand(launchKey(state), pending);
  const url = new URL(endpoints.authorizationEndpoint);
  const parameters = {
    response_type: 'code',
    client_id: trusted.clientId,
    redirect_uri: options.redirectUri,
    scope: trusted.scope ?? DEFAULT_EHR_SCOPE,
    aud: trusted.iss,
    ...(launch && !standalone ? { launch } : {}),
    ...(standalone && options.language !== undefined ? { ui_locales: options.language } : {}),
    state,
    nonce,
    code_challenge: await codeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}
