/**
 * What the app is told by the server that serves it: where the shared service is, and which EHRs may launch it.
 *
 * The server answers `GET /app/config.json` with an `AppConfig`. It holds no secret: every client here is a public one.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html
 */
import { AppError } from '../smart/app-error.ts';

/** One EHR that may launch the app. */
export interface TrustedIssuer {
  /** The EHR's FHIR base URL exactly as it comes in the launch's `iss`. */
  readonly iss: string;
  /** The app's client id at this EHR. */
  readonly clientId: string;
  /** The EHR's name for people, e.g. `Fjordheim sykehus`. */
  readonly name: string;
  /** Scopes to ask of this EHR; absent: `DEFAULT_EHR_SCOPE`. */
  readonly scope?: string;
}

export interface AppConfig {
  /** FHIR base URL of the shared service, without a slash at the end. */
  readonly fhirBaseUrl: string;
  /** OAuth token endpoint of the shared service (RFC 8693 token exchange). */
  readonly tokenEndpoint: string;
  /** The app's client id at the shared service. */
  readonly clientId: string;
  /** Scopes to ask of the shared service; absent: `DEFAULT_SHARED_SCOPE`. */
  readonly scope?: string;
  readonly issuers: readonly TrustedIssuer[];
  /** True where users sign in at the shared service itself: the app may then be started without an EHR. */
  readonly signIn?: boolean;
  /** Languages offered, in order; absent: nb, nn, en. */
  readonly languages?: readonly string[];
}

/**
 * The user's identity and the patient in context: what the shared service itself checks at the EHR, and nothing more.
 * `online_access` lets the session last as long as the user's own at the EHR.
 */
export const DEFAULT_EHR_SCOPE =
  'openid fhirUser launch online_access patient/Patient.rs user/Practitioner.rs user/PractitionerRole.rs user/Organization.rs';

/**
 * Asked of the shared service by an app that is started there: who, about whom, and the plan, for as long as the user is
 * signed in.
 */
const STANDALONE_SCOPE = 'openid fhirUser launch/patient online_access patient/*.rs';

/** @returns the shared service as the issuer that the app may be started at without an EHR; undefined where nobody signs in there. */
export const ownIssuer = ({ signIn, fhirBaseUrl, clientId }: AppConfig): TrustedIssuer | undefined =>
  signIn === true ? { iss: fhirBaseUrl, clientId, name: 'Fellesplan', scope: STANDALONE_SCOPE } : undefined;

/** Whether a configured `iss` is the shared service itself. */
export const isOwn = (iss: string, config: AppConfig): boolean => iss === ownIssuer(config)?.iss;

/** All of the person's plan, read only. */
export const DEFAULT_SHARED_SCOPE = 'openid fhirUser patient/*.rs';

const isIssuer = (value: unknown): value is TrustedIssuer =>
  typeof value === 'object' &&
  value !== null &&
  ['iss', 'clientId', 'name'].every((key) => typeof (value as Record<string, unknown>)[key] === 'string');

/**
 * Checks an answer of `/app/config.json`.
 *
 * @returns the configuration, base URLs without a slash at the end.
 * @throws AppError `unexpected` when a member is missing or of the wrong type.
 */
export function readConfig(value: unknown): AppConfig {
  const config = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  for (const key of ['fhirBaseUrl', 'tokenEndpoint', 'clientId']) {
    if (typeof config[key] !== 'string') throw new AppError('unexpected', `config.json: ${key} is missing`);
  }
  if (!Array.isArray(config.issuers) || !config.issuers.every(isIssuer))
    throw new AppError('unexpected', 'config.json: issuers is malformed');
  const known = config as unknown as AppConfig;
  return { ...known, fhirBaseUrl: known.fhirBaseUrl.replace(/\/+$/, '') };
}

/**
 * Fetches the configuration that lies beside the app's pages.
 *
 * @param page the address of one of them.
 * @throws AppError `connection` when it cannot be fetched, `unexpected` when it is malformed.
 */
export async function loadConfig(page: string): Promise<AppConfig> {
  const response = await fetch(new URL('config.json', page), { headers: { accept: 'application/json' } }).catch((cause: unknown) => {
    throw new AppError('connection', 'config.json could not be fetched', { cause });
  });
  if (!response.ok) throw new AppError('connection', `config.json: HTTP ${response.status}`);
  return readConfig(await response.json().catch(() => undefined));
}
