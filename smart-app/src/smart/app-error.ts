/**
 * The closed list of ways the app can fail to show a plan; each has its own page with what happened and what to do.
 */

export const APP_ERROR_KINDS = [
  /** Opened without `iss` and `launch`. */
  'no-launch',
  /** `iss` is not one of the configured EHRs. */
  'unknown-issuer',
  /** The EHR's authorization server said no, or its answer broke a rule of SMART or OpenID Connect. */
  'launch-refused',
  /** The EHR did not answer when the code was redeemed; a new launch is needed. */
  'ehr-away',
  /** A redirect that this window did not start, or one that was used before. */
  'launch-used',
  /** The shared service did not accept the EHR's word. */
  'exchange-refused',
  /** The session is over and cannot be renewed. */
  'expired',
  /** The EHR gave no patient, or a patient without national identity number. */
  'no-identity',
  /** The person found is not the person of the token. */
  'wrong-person',
  /** No plan for this user: not of the team, no consent, or a person who is not known. Which of them is not told. */
  'no-access',
  /** Somebody of the team, and no consent that the plan may be seen: withdrawn, deleted or never given. */
  'no-consent',
  /** The network or the server is away. */
  'connection',
  'unexpected',
] as const;

export type AppErrorKind = (typeof APP_ERROR_KINDS)[number];

/** An error with a page of its own; `message` is for support staff and never holds personal data. */
export class AppError extends Error {
  readonly kind: AppErrorKind;
  /** The server's request id, when it gave one: what support staff ask for. */
  readonly requestId: string | undefined;
  /** The HTTP status, when a FHIR server said no. */
  readonly status: number | undefined;

  constructor(
    kind: AppErrorKind,
    message: string,
    options: { cause?: unknown; requestId?: string | undefined; status?: number | undefined } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.kind = kind;
    this.requestId = options.requestId;
    this.status = options.status;
  }
}

/** @returns the error itself, or any other thrown value as `unexpected`. */
export const toAppError = (thrown: unknown): AppError =>
  thrown instanceof AppError ? thrown : new AppError('unexpected', thrown instanceof Error ? thrown.message : 'unknown', { cause: thrown });
