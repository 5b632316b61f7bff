/**
 * Every way a token exchange is refused, with the words the app is given. RFC 8693 wants `invalid_request` when a token
 * is invalid or cannot be accepted; the texts tell an integrator which check failed and nothing about a person.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc8693#section-2.2.2
 */
import { errors } from 'oidc-provider';

const REASONS = {
  subjectTokenType: 'subject_token_type must be urn:ietf:params:oauth:token-type:id_token',
  actorTokenType: 'actor_token must be the access token of the EHR, with actor_token_type urn:ietf:params:oauth:token-type:access_token',
  requestedTokenType: 'only urn:ietf:params:oauth:token-type:access_token can be issued',
  unknownIssuer: 'the issuer of the subject_token is not trusted here',
  badIdToken: 'the subject_token could not be verified: its signature, iss, aud, exp or iat is not what it must be',
  inactiveAccessToken: 'the EHR says that the actor_token is not active',
  differentSessions: 'subject_token and actor_token are not of the same user and app',
  noUser: 'the subject_token has no fhirUser',
  userNotReadable: 'the user could not be read at the FHIR API of the EHR with the actor_token',
  patientNotReadable: 'the patient in context could not be read at the FHIR API of the EHR with the actor_token',
  userWithoutNumber: 'the user has no HPR number at the EHR',
  patientWithoutNumber: 'the patient has no national identity number at the EHR',
  organizationUnclear: 'the organisation the user acts for cannot be told from the EHR',
  foreignOrganization: 'the EHR is not trusted to speak for the organisation the user acts for',
  unknownUser: 'the user is not known to this service',
  ambiguous: 'a number found at the EHR belongs to more than one resource of this service',
} as const;

const TEXTS: ReadonlySet<unknown> = new Set(Object.values(REASONS));

export type ExchangeRefusal = keyof typeof REASONS;

/** The error code of what could not be decided because another party did not answer. */
export const OUTAGE = 'temporarily_unavailable';

/** What an operator is told besides, in codes; the app is not. */
interface Told {
  readonly why?: string;
}

/** 400 `invalid_request` with the text of the reason. @param why for the operator's log alone. */
export function refusal(reason: ExchangeRefusal, why?: string): Error {
  const told: Told = why === undefined ? {} : { why };
  return Object.assign(new errors.CustomOIDCProviderError('invalid_request', REASONS[reason]), told);
}

/** What the access log says of a refusal: the error and, where it is one of these, which check failed. */
export function refusalInLog(error: string, description: unknown): string {
  return TEXTS.has(description) ? `${error}: ${description}` : error;
}

/** 503 `temporarily_unavailable`: the EHR did not answer, or not as an EHR should. @param why for the operator's log alone. */
export function unreachable(why: string): Error {
  const error = new errors.OIDCProviderError(503, OUTAGE);
  const told: Told = { why };
  return Object.assign(error, { expose: true, error_description: 'the EHR could not be reached; try again' }, told);
}

/** What the library refuses without a word of why to the client: the operator's log may tell, so that an integrator can be helped. */
const UNEXPLAINED: ReadonlySet<string> = new Set(['invalid_client', 'invalid_grant']);

/** A text of the library's own: no digit and no quote, in which something of what was sent could stand. */
const OWN_WORDS = /^[A-Za-z][A-Za-z ().,/_-]{2,150}$/;

/** An error of the library, as it is refused. */
interface Refused {
  readonly error?: string;
  readonly error_description?: string;
  readonly error_detail?: string;
}

/** What the operator's log says of it: which check failed, and what was behind that. */
export function refusalForOperator(refused: Refused): string {
  const { why } = refused as Told;
  const { error = 'error', error_description: description, error_detail: detail = '' } = refused;
  const behind = UNEXPLAINED.has(error) && OWN_WORDS.test(detail) ? [detail] : [];
  return [refusalInLog(error, description), ...behind, ...(why === undefined ? [] : [why])].join('; ');
}
