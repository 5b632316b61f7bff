/**
 * Who makes a request, as the access token said: the subject, the client, the scopes and the launch context.
 * Everything that decides access reads this value and the store; nothing reads the token again.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html
 */
import type { ProvenRequest } from './dpop-proof.ts';

/** One granted resource scope, v1 forms already turned into v2. */
export interface ResourceScope {
  readonly level: 'patient' | 'user' | 'system';
  /** A resource type or `*`. */
  readonly type: string;
  readonly create: boolean;
  readonly read: boolean;
  readonly update: boolean;
  readonly delete: boolean;
  readonly search: boolean;
  /** The part after `?` of a granular scope, as search parameters that a resource must match. */
  readonly query?: string;
}

export interface Principal {
  readonly clientId: string;
  readonly subject: string;
  readonly scopes: readonly ResourceScope[];
  /** The scope claim as granted, for introspection and the log. */
  readonly scope: string;
  /** Launch context: the logical id of the patient on this server. */
  readonly patientId?: string;
  /** The user's own resource on this server, e.g. `Practitioner/p1`. */
  readonly fhirUser?: string;
  /** HPR number, when the user is health personnel. */
  readonly hprNumber?: string;
  /** Organisasjonsnummer of the organisation acted for. */
  readonly organizationNumber?: string;
  /** True for a system that its scopes alone bind. */
  readonly scopesAlone?: boolean;
  /** Purpose of use: TREAT, ETREAT, COC, BTG. */
  readonly purposeOfUse?: string;
  /** The token's own id (`jti`). */
  readonly tokenId?: string;
}

/** Turns a request's Authorization header into a principal. */
export interface Authenticator {
  /**
   * `request` is what a proof is checked against when the token is bound to a key; without it such a token is refused.
   * @returns the principal of a valid access token.
   * @throws FhirError 401 `login` when there is no token, or it is malformed, expired, revoked, of another issuer or for another audience, or without a good proof for the key it is bound to.
   */
  authenticate(authorization: string | undefined, request?: ProvenRequest): Promise<Principal>;
  /**
   * The same for who asked a moment ago, without waiting: what changes nothing may be found out while it is confirmed. Left
   * out: nobody is presumed.
   * @returns undefined where `authenticate` is to be asked.
   */
  presume?(authorization: string | undefined): Presumed | undefined;
}

export interface Presumed {
  readonly principal: Principal;
  /** Resolves when the principal is sure; nobody is told anything before. Rejects as `authenticate` does. */
  readonly confirmed: Promise<void>;
}

/** Whom an answer was made for, as one text: who acts, with which app, for whom and about whom. */
export function callerOf({ clientId, subject, patientId = '', organizationNumber = '' }: Principal): string {
  return [clientId, subject, patientId, organizationNumber].join(' ');
}
