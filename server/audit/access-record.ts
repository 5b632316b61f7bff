/**
 * One access as it is noted the moment it happens: who, for whom, why, what, when, from which client, and how it ended.
 *
 * Spec: https://hl7.org/fhir/R4/auditevent.html
 */
import type { Principal } from '../auth/principal.ts';
import { isObject } from '../fhir/resource.ts';

/** C create, R read, U update, D delete, E execute (searches and operations). */
export type AuditAction = 'C' | 'R' | 'U' | 'D' | 'E';

/** 0 done, 4 refused for what was sent, 8 denied, 12 failed for reasons of ours. */
export type AuditOutcome = '0' | '4' | '8' | '12';

/** What was asked for was no interaction, or was not looked at. */
export const NO_INTERACTION = 'unknown';

export interface AuditedCaller {
  readonly clientId: string;
  /** The user's own resource here; absent for a system. */
  readonly user?: string | undefined;
  readonly organizationNumber?: string | undefined;
  /** A code of v3-PurposeOfUse; absent when nobody was signed in. */
  readonly purpose?: string | undefined;
}

/** What is left out and what is undefined are the same; records made often have all members, so that they are of one shape. */
export interface AccessRecord {
  readonly atMs: number;
  /** What kind of event it is; left out: an interaction with the FHIR API. */
  readonly kind?: 'authentication';
  readonly caller: AuditedCaller;
  /** The code of the interaction, the name of the operation with its `$`, or the kind of attempt to come in. */
  readonly interaction: string;
  readonly action: AuditAction;
  readonly outcome: AuditOutcome;
  /** `Type/id`, with `/_history/n` when a version was shown or written. */
  readonly what?: string | undefined;
  /** The query of a search, without personal numbers. */
  readonly query?: string | undefined;
  /** Ids of the patients whose data were touched. */
  readonly patients: readonly string[];
  /** How many resources were shown. */
  readonly shown?: number | undefined;
  readonly requestId?: string | undefined;
  /** The record system or identity provider that vouched for the user, by its registered name. */
  readonly origin?: string | undefined;
  /** How often it happened, when one record stands for many. */
  readonly times?: number | undefined;
  /** Why it was refused, or what the user gave as the reason of emergency access. */
  readonly reason?: string | undefined;
}

const ACTIONS: ReadonlySet<unknown> = new Set<AuditAction>(['C', 'R', 'U', 'D', 'E']);
const OUTCOMES: ReadonlySet<unknown> = new Set<AuditOutcome>(['0', '4', '8', '12']);
/** What a Date can be. */
const TIME_MAX_MS = 8.64e15;

/** True for what an event can be made of: a record that was read back may have been damaged meanwhile. */
export function isAccessRecord(value: unknown): value is AccessRecord {
  if (!isObject(value)) return false;
  const { atMs, kind, caller, interaction, action, outcome, patients, what, query, shown, requestId, origin, times, reason } = value;
  return (
    typeof atMs === 'number' &&
    Math.abs(atMs) <= TIME_MAX_MS &&
    (kind === undefined || kind === 'authentication') &&
    isCaller(caller) &&
    typeof interaction === 'string' &&
    ACTIONS.has(action) &&
    OUTCOMES.has(outcome) &&
    Array.isArray(patients) &&
    patients.every((patient) => typeof patient === 'string') &&
    [what, query, requestId, origin, reason].every((text) => isOptional(text, 'string')) &&
    [shown, times].every((count) => isOptional(count, 'number'))
  );
}

function isCaller(value: unknown): boolean {
  if (!isObject(value) || typeof value.clientId !== 'string') return false;
  return [value.user, value.organizationNumber, value.purpose].every((text) => isOptional(text, 'string'));
}

function isOptional(value: unknown, type: 'string' | 'number'): boolean {
  return value === undefined || typeof value === type;
}

/** Who asks, as the log tells it: no national identity number, and no more of the token than this. */
export function auditedCaller(principal: Principal): AuditedCaller {
  const { clientId, fhirUser, organizationNumber } = principal;
  return { clientId, user: fhirUser, organizationNumber, purpose: purposeOf(principal) };
}

/** The purpose the token says, else the usual one: own request, a relative's, treatment, coordination, administration. */
function purposeOf({ purposeOfUse, fhirUser, organizationNumber, scopes }: Principal): string | undefined {
  if (purposeOfUse !== undefined) return purposeOfUse;
  if (fhirUser?.startsWith('Patient/')) return 'PATRQT';
  if (fhirUser?.startsWith('RelatedPerson/')) return 'FAMRQT';
  if (fhirUser !== undefined) return 'TREAT';
  if (organizationNumber !== undefined) return 'COC';
  return scopes.length === 0 ? undefined : 'HSYSADMIN';
}
