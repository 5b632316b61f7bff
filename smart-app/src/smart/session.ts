/**
 * What one launch holds: the EHR's tokens and the shared service's token, for one patient in one window.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#obtain-access-token
 */
import { type AppConfig, DEFAULT_SHARED_SCOPE, isOwn, type TrustedIssuer } from '../app/config.ts';
import { AppError } from './app-error.ts';
import { launchKey, type PendingLaunch } from './authorize.ts';
import { checkIdToken } from './id-token.ts';
import { trustedIssuer } from './smart-configuration.ts';
import { expiresAtMs, requestToken, type TokenResponse } from './token-request.ts';
import type { WindowStorage } from './window-storage.ts';

/** The EHR's side of a session. */
export interface EhrGrant {
  readonly iss: string;
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken?: string;
  readonly expiresAtMs: number;
  /** The patient in context, by the EHR's own id. */
  readonly patientId: string;
  readonly needPatientBanner: boolean;
  /** The user's language at the EHR. */
  readonly locale?: string;
  /** The user's own resource, as the id_token names it. */
  readonly fhirUser?: string;
}

/** The shared service's side. */
interface SharedGrant {
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly expiresAtMs: number;
  /** The same patient by the shared service's id; absent when nobody there has the number. */
  readonly patientId?: string;
  readonly fhirUser?: string;
  /** Given in an emergency: what is done with it is told as such. */
  readonly emergency?: boolean;
}

export interface Session {
  /** The launch's `state`: the session's name in this window. */
  readonly key: string;
  readonly ehr: EhrGrant;
  readonly shared: SharedGrant;
}

/** What the functions here need of their surroundings. */
export interface SessionPorts {
  readonly config: AppConfig;
  readonly storage: WindowStorage;
  readonly fetcher?: typeof fetch;
  readonly nowMs: () => number;
}

const sessionKey = (key: string): string => `session:${key}`;

/** A launch that nobody ended within this time was left. */
const LAUNCH_LEFT_AFTER_MS = 3_600_000;

/** A frame that is open renews its session before the token runs out; one whose token has run out is closed. */
const isLeft =
  (nowMs: number) =>
  (_key: string, value: unknown): boolean => {
    const { shared, startedAtMs } = value as Partial<Session & PendingLaunch>;
    if (shared !== undefined) return shared.expiresAtMs < nowMs;
    return startedAtMs !== undefined && startedAtMs + LAUNCH_LEFT_AFTER_MS < nowMs;
  };

const grantedBy = (trusted: TrustedIssuer, config: AppConfig) => ({ trusted, standsAlone: isOwn(trusted.iss, config) });

function ehrGrant(
  response: TokenResponse,
  about: { iss: string; issuer: string; tokenEndpoint: string; nonce?: string; previous?: EhrGrant },
  { trusted, standsAlone }: { readonly trusted: TrustedIssuer; readonly standsAlone: boolean },
  nowMs: number,
): EhrGrant {
  const idToken = response.id_token ?? about.previous?.idToken;
  if (idToken === undefined) throw new AppError('launch-refused', 'the EHR gave no id_token');
  const expected = { issuer: about.issuer, clientId: trusted.clientId, nowMs };
  const claims = checkIdToken(idToken, about.nonce === undefined ? expected : { ...expected, nonce: about.nonce });
  const patientId = response.patient ?? about.previous?.patientId;
  if (patientId === undefined) throw new AppError('no-identity', 'the EHR gave no patient in context');
  // A refresh that answers with another patient must never turn this window into that patient's.
  if (about.previous && patientId !== about.previous.patientId)
    throw new AppError('wrong-person', 'the EHR changed the patient in context');
  const refreshToken = response.refresh_token ?? about.previous?.refreshToken;
  return {
    iss: about.iss,
    issuer: about.issuer,
    tokenEndpoint: about.tokenEndpoint,
    accessToken: response.access_token,
    idToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    // Both tokens are needed in an exchange: the grant is as old as the first to run out.
    expiresAtMs: Math.min(expiresAtMs(response, nowMs), claims.exp * 1000),
    patientId,
    // Around an app that stands alone there is no record that shows whom it is about.
    needPatientBanner: response.need_patient_banner ?? about.previous?.needPatientBanner ?? standsAlone,
    ...(claims.locale === undefined ? {} : { locale: claims.locale }),
    ...(claims.fhirUser === undefined ? {} : { fhirUser: claims.fhirUser }),
  };
}

/**
 * Exchanges the EHR's word for a token of the shared service: the id_token says who the user is, the access token lets the
 * shared service see for itself, at the EHR, which patient is in context.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc8693#section-2.1
 *
 * @throws AppError `exchange-refused` when the shared service says no; `connection` when it is away.
 */
async function exchange(ehr: EhrGrant, ports: SessionPorts): Promise<SharedGrant> {
  // Started at the shared service, the app has its token already, for the patient chosen there.
  if (isOwn(ehr.iss, ports.config)) return ownGrant(ehr);
  const response = await requestToken(
    ports.config.tokenEndpoint,
    {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: ehr.idToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      actor_token: ehr.accessToken,
      actor_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      client_id: ports.config.clientId,
      scope: ports.config.scope ?? DEFAULT_SHARED_SCOPE,
    },
    'exchange-refused',
    ports.fetcher,
  );
  return sharedGrant(response, ports.nowMs());
}

const ownGrant = ({ accessToken, expiresAtMs, patientId, fhirUser }: EhrGrant): SharedGrant => ({
  accessToken,
  expiresAtMs,
  patientId,
  ...(fhirUser === undefined ? {} : { fhirUser }),
});

const sharedGrant = (response: TokenResponse, nowMs: number, previous?: SharedGrant): SharedGrant => {
  const patientId = response.patient ?? previous?.patientId;
  const fhirUser = response.fhirUser ?? previous?.fhirUser;
  return {
    accessToken: response.access_token,
    expiresAtMs: expiresAtMs(response, nowMs),
    ...(response.refresh_token === undefined ? {} : { refreshToken: response.refresh_token }),
    ...(patientId === undefined ? {} : { patientId }),
    ...(fhirUser === undefined ? {} : { fhirUser }),
    ...(response.purpose_of_use === 'BTG' ? { emergency: true } : {}),
  };
};

/**
 * Ends a launch at the redirect page: code → EHR tokens. The pending launch is taken out of the storage first, so that a code is
 * sent once whatever happens.
 *
 * @param search the query of the redirect page's address.
 * @returns the EHR's grant and the launch's `state`.
 * @throws AppError `launch-refused` with the EHR's OAuth error or a broken rule; `launch-used` when this window did not start the
 *   launch or has ended it before; `no-identity` without a patient in context; `ehr-away` when the EHR does not answer.
 */
export async function redeemCode(search: string, ports: SessionPorts): Promise<{ key: string; ehr: EhrGrant }> {
  const given = new URLSearchParams(search);
  const state = given.get('state');
  const pending = state === null ? undefined : (ports.storage.take(launchKey(state)) as PendingLaunch | undefined);
  if (state === null || pending === undefined) throw new AppError('launch-used', 'no launch of this window has this state');
  const error = given.get('error');
  if (error !== null) throw new AppError('launch-refused', `authorize: ${error}`);
  const code = given.get('code');
  if (code === null) throw new AppError('launch-refused', 'authorize: no code');
  // RFC 9207: an answer that names another issuer is a mix-up.
  const iss = given.get('iss');
  if (iss !== null && iss !== pending.issuer) throw new AppError('launch-refused', 'authorize: iss is not the issuer of the launch');
  const trusted = trustedIssuer(ports.config, pending.iss);
  const response = await requestToken(
    pending.tokenEndpoint,
    {
      grant_type: 'authorization_code',
      code,
      redirect_uri: pending.redirectUri,
      client_id: trusted.clientId,
      code_verifier: pending.codeVerifier,
    },
    'launch-refused',
    ports.fetcher,
  ).catch((thrown: unknown) => {
    // The code may have been used: asking again is not for this page to do.
    if (thrown instanceof AppError && thrown.kind === 'connection') throw new AppError('ehr-away', thrown.message, { cause: thrown });
    throw thrown;
  });
  return { key: state, ehr: ehrGrant(response, pending, grantedBy(trusted, ports.config), ports.nowMs()) };
}

/**
 * Sessions and launches that closed frames left in this window are forgotten at the same time.
 *
 * @returns the session of a redeemed launch; may be called again after a lost connection.
 * @throws AppError as the exchange.
 */
export async function openSession(key: string, ehr: EhrGrant, ports: SessionPorts): Promise<Session> {
  const session: Session = { key, ehr, shared: await exchange(ehr, ports) };
  ports.storage.sweep(isLeft(ports.nowMs()));
  ports.storage.keep(sessionKey(key), session);
  return session;
}

/**
 * @returns the session of a reloaded page; undefined when this window keeps none under the key.
 */
export const restoreSession = (key: string, ports: SessionPorts): Session | undefined =>
  ports.storage.get(sessionKey(key)) as Session | undefined;

/** Ends a session in this window: its tokens are forgotten. */
export const forgetSession = (key: string, storage: WindowStorage): void => storage.forget(sessionKey(key));

/**
 * Renews the shared token: by its own refresh token, else by a new exchange, for which the EHR's tokens are refreshed when they
 * have run out and the EHR gave a refresh token.
 *
 * A token without a patient may be renewed to one with (emergency access, a part in the team since): whom it is for, the shared
 * service has asked the EHR.
 *
 * @throws AppError `expired` when no way is left; `no-access` when the user may no longer know of the patient; `wrong-person` when the
 *   renewed token is for another patient; `connection`.
 */
export async function renewSession(session: Session, ports: SessionPorts): Promise<Session> {
  const renewed = await renewGrants(session, ports).catch((thrown: unknown) => {
    if (thrown instanceof AppError && (thrown.kind === 'connection' || thrown.kind === 'wrong-person')) throw thrown;
    throw new AppError('expired', thrown instanceof Error ? thrown.message : 'not renewed', { cause: thrown });
  });
  const [before, after] = [session.shared.patientId, renewed.shared.patientId];
  if (before !== undefined && after === undefined) throw new AppError('no-access', 'the renewed token has no patient');
  if (before !== undefined && after !== before) throw new AppError('wrong-person', 'the renewed token is for another patient');
  ports.storage.keep(sessionKey(session.key), renewed);
  return renewed;
}

async function renewGrants(session: Session, ports: SessionPorts): Promise<Session> {
  if (session.shared.refreshToken !== undefined) {
    const parameters = { grant_type: 'refresh_token', refresh_token: session.shared.refreshToken, client_id: ports.config.clientId };
    const response = await requestToken(ports.config.tokenEndpoint, parameters, 'expired', ports.fetcher);
    return { ...session, shared: sharedGrant(response, ports.nowMs(), session.shared) };
  }
  // A token of the shared service's own sign-in is its own exchange: only another one is new.
  const lasts = session.ehr.expiresAtMs > ports.nowMs() && !isOwn(session.ehr.iss, ports.config);
  const ehr = lasts ? session.ehr : await refreshEhr(session.ehr, ports);
  return { ...session, ehr, shared: await exchange(ehr, ports) };
}

async function refreshEhr(ehr: EhrGrant, ports: SessionPorts): Promise<EhrGrant> {
  if (ehr.refreshToken === undefined) throw new AppError('expired', 'the EHR session is over');
  const trusted = trustedIssuer(ports.config, ehr.iss);
  const parameters = { grant_type: 'refresh_token', refresh_token: ehr.refreshToken, client_id: trusted.clientId };
  const response = await requestToken(ehr.tokenEndpoint, parameters, 'expired', ports.fetcher);
  return ehrGrant(response, { ...ehr, previous: ehr }, grantedBy(trusted, ports.config), ports.nowMs());
}
