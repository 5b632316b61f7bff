/**
 * Attempts to come in, as the authorization server tells them: who signed in or asked for a token, on whose word, for
 * which patient, and what came of it. Names only what has been verified; of what was merely claimed, the registered client.
 *
 * Spec: https://dicom.nema.org/medical/dicom/current/output/chtml/part15/sect_A.5.3.html (user authentication)
 */
import type { KoaContext } from 'oidc-provider';
import { TOKEN_EXCHANGE_GRANT } from './clients.ts';
import { refusalInLog } from './exchange-refusal.ts';
import type { GrantContext } from './launch-context.ts';
import { type ProviderParts, ROUTES } from './provider-settings.ts';

/** What was attempted: a user's own sign-in, an app's start, or a token by one of the grants. */
export type AttemptKind = 'sign-in' | 'authorize' | 'launch' | 'refresh' | 'token' | 'token-exchange';

export interface Attempt {
  readonly kind: AttemptKind;
  readonly outcome: 'granted' | 'refused' | 'failed';
  /** A registered client; absent when the request named none. */
  readonly clientId?: string;
  /** `Type/id` of the user at this service. */
  readonly user?: string;
  readonly organizationNumber?: string;
  /** The scopes granted. */
  readonly scope?: string;
  readonly purposeOfUse?: string;
  /** The patient the token opens. */
  readonly patientId?: string;
  /** A patient whom a record system confirmed and this user may not know: left out of the token. */
  readonly withheldPatientId?: string;
  /** The record system or identity provider that vouched for the user, by its registered name. */
  readonly origin?: string;
  /** Why not: an OAuth error code (of an exchange, also which check failed), or the reason of a sign-in that came to nothing. */
  readonly reason?: string;
}

/** Told of an attempt before it is answered; a token is given only after this has resolved. */
export type TellAttempt = (attempt: Attempt) => Promise<void>;

const KINDS: Readonly<Record<string, AttemptKind>> = {
  authorization_code: 'launch',
  refresh_token: 'refresh',
  client_credentials: 'token',
  [TOKEN_EXCHANGE_GRANT]: 'token-exchange',
};
/** Where a handler notes who vouched for the user. */
const ORIGIN = 'vouchedFor';

/** Notes the registered name of the party that vouched for the user of this request. */
export function vouchedBy(ctx: KoaContext, name: string): void {
  ctx.state[ORIGIN] = name;
}

/** The attempt of a request to the token endpoint, once it is decided; `context` is that of the grant. */
export function tokenAttempt(ctx: KoaContext, context: GrantContext | undefined, { clients, options }: ProviderParts): Attempt {
  const { status } = ctx;
  const origin = typeof ctx.state[ORIGIN] === 'string' ? { origin: ctx.state[ORIGIN] } : {};
  const kind = KINDS[ctx.oidc?.params?.grant_type ?? ''] ?? 'token';
  const client = ctx.oidc?.client === undefined ? undefined : clients.get(ctx.oidc.client.clientId);
  const common = { kind, ...(client === undefined ? {} : { clientId: client.clientId }), ...origin };
  if (status !== 200) {
    const { error, error_description: description } = (ctx.body ?? {}) as { error?: unknown; error_description?: unknown };
    const reason = typeof error === 'string' ? { reason: refusalInLog(error, description) } : {};
    return { ...common, outcome: status < 500 ? 'refused' : 'failed', ...reason };
  }
  const { scope, patient } = { patient: context?.launch.patient, scope: (ctx.body as { scope?: string }).scope };
  const claims = (context?.claims ?? {}) as Readonly<Record<string, string | undefined>>;
  const account = ctx.oidc.entities.Grant?.accountId;
  const organization = claims.organization_number ?? client?.organizationNumber;
  const withheld = patient === undefined ? context?.confirmedPatient : undefined;
  return {
    ...common,
    outcome: 'granted',
    ...(account === undefined ? {} : { user: localUser(claims.fhirUser, options.fhirBaseUrl) ?? account }),
    ...(organization === undefined ? {} : { organizationNumber: organization }),
    ...(scope === undefined ? {} : { scope }),
    ...(claims.purpose_of_use === undefined ? {} : { purposeOfUse: claims.purpose_of_use }),
    ...(patient === undefined ? {} : { patientId: patient }),
    ...(withheld === undefined ? {} : { withheldPatientId: withheld }),
  };
}

/** True for the request whose answer is a token. */
export function isTokenRequest({ path, method }: KoaContext): boolean {
  return path === ROUTES.token && method === 'POST';
}

function localUser(fhirUser: string | undefined, baseUrl: string): string | undefined {
  return fhirUser?.startsWith(`${baseUrl}/`) === true ? fhirUser.slice(baseUrl.length + 1) : undefined;
}
