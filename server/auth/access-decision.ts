/**
 * The port through which access is asked for: `dispatch` asks it once for each interaction (and each Bundle entry), and
 * interactions that reach further resources (includes, system search) ask it for each type they reach.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html
 */

import type { Resource } from '../fhir/resource.ts';
import type { Clause } from '../search/query.ts';
import type { Principal } from './principal.ts';

/** What is to be done, in the letters of a SMART v2 scope: c r u d s. */
export type AccessRight = 'create' | 'read' | 'update' | 'delete' | 'search';

export interface AccessRequest {
  readonly principal: Principal;
  /** The code of the interaction as a CapabilityStatement names it, or the operation's name with its `$`. */
  readonly interaction: string;
  readonly right: AccessRight;
  readonly type: string;
  /** The instance, when the URL names one. */
  readonly id?: string;
}

/**
 * `narrow`: only resources for which `clause` holds exist for this caller. It is joined to searches, and a single
 * resource is held against it before (and, when written, after) the interaction; what does not pass is not found.
 */
export type AccessDecision =
  | { readonly kind: 'allow' }
  | { readonly kind: 'narrow'; readonly clause: Clause }
  | { readonly kind: 'deny'; readonly reason: string };

/** A resource before and after a write; without `before` it is new, without `after` it is deleted. */
export interface Change {
  readonly before?: Resource;
  readonly after?: Resource;
  /** Ids of the patients it is about, where its content says that by the name of another resource. */
  readonly about?: readonly string[];
}

/** Why a change is not the caller's to make, in a sentence that names the rule; undefined when it is. Pure. */
export type WriteRule = (change: Change) => string | undefined;

/** What a transaction may write about persons who are new with it: resources within the clause, when the rule agrees. */
export interface Founded {
  readonly clause: (type: string) => Clause;
  readonly rule: WriteRule;
}

/** Judges the new persons (ids of Patients) of a transaction by all that it makes, links rewritten. Pure. */
export type Founding = (persons: readonly string[], made: readonly Resource[], nowMs: number) => Founded;

export interface Access {
  /** Decides, without throwing for a denial: the caller of this port turns it into 403 `forbidden` (or a missing entry). */
  decide(request: AccessRequest): Promise<AccessDecision> | AccessDecision;
  /** Who may change what, beyond what `decide` says; left out, or undefined: nothing more. */
  writeRule?(principal: Principal): Promise<WriteRule | undefined>;
  /** What this caller may begin for persons who are not known yet, of these types; left out, or undefined: nothing. */
  founding?(principal: Principal, types: readonly string[]): Promise<Founding | undefined>;
}
