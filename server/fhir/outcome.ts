/**
 * OperationOutcome and its issues.
 *
 * Spec: https://hl7.org/fhir/R4/operationoutcome.html · codes https://hl7.org/fhir/R4/valueset-issue-type.html
 */
import type { Resource } from './resource.ts';

export type IssueSeverity = 'fatal' | 'error' | 'warning' | 'information';

export type IssueCode =
  | 'invalid'
  | 'structure'
  | 'required'
  | 'value'
  | 'invariant'
  | 'security'
  | 'login'
  | 'unknown'
  | 'expired'
  | 'forbidden'
  | 'suppressed'
  | 'processing'
  | 'not-supported'
  | 'duplicate'
  | 'multiple-matches'
  | 'not-found'
  | 'deleted'
  | 'too-long'
  | 'code-invalid'
  | 'extension'
  | 'too-costly'
  | 'business-rule'
  | 'conflict'
  | 'transient'
  | 'lock-error'
  | 'no-store'
  | 'exception'
  | 'timeout'
  | 'incomplete'
  | 'throttled'
  | 'informational';

export interface Issue {
  readonly severity: IssueSeverity;
  readonly code: IssueCode;
  /** For people; never holds a stack trace, SQL or a national identity number. */
  readonly diagnostics: string;
  /** FHIRPath of the element (`CarePlan.period.start`) or the name of the parameter or header at fault. */
  readonly expression?: readonly string[];
  /** Machine-readable detail: a message id of the rule that was broken. */
  readonly details?: { readonly coding?: readonly { system: string; code: string }[]; readonly text?: string };
  readonly [extra: string]: unknown;
}

/** An OperationOutcome resource carrying `issues` in the order given. */
export function operationOutcome(issues: readonly Issue[]): Resource {
  return { resourceType: 'OperationOutcome', issue: issues };
}

/** True when an issue is severe enough that the content is not valid. */
export function isErrorIssue(issue: Issue): boolean {
  return issue.severity === 'error' || issue.severity === 'fatal';
}
