/**
 * What is validated, and what came of it: a JSON file, a line of an NDJSON file, or what stands on standard input.
 *
 * Spec: https://hl7.org/fhir/R4/operationoutcome.html
 */
import { type Issue, isErrorIssue } from '../../fhir/outcome.ts';

/** One resource to validate. Without `text` it is the whole of `file`, read where it is validated. */
export interface Document {
  readonly file: string;
  /** Its line, from 1, when the file holds a resource on every line. */
  readonly line?: number;
  readonly text?: string;
  /** How large the file is, when it is read where it is validated. */
  readonly bytes?: number;
  /** Why its file cannot be read. */
  readonly fault?: FileFault;
}

/** Why a file cannot be validated. */
export type FileFault =
  | { readonly kind: 'missing' | 'forbidden' | 'not-a-file' | 'binary' | 'not-utf8' | 'xml' | 'empty' }
  | { readonly kind: 'too-large'; readonly limit: string }
  | { readonly kind: 'unreadable'; readonly why: string };

export interface CheckedDocument {
  readonly file: string;
  readonly line?: number;
  readonly issues: readonly Issue[];
  /** False when the file could not be opened: nothing was validated. */
  readonly isRead: boolean;
}

/** `plan.json`, or `plans.ndjson:12` for a line. */
export function nameOf({ file, line }: Pick<Document, 'file' | 'line'>): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** True when no issue is an error. */
export function isValid(document: CheckedDocument): boolean {
  return !document.issues.some(isErrorIssue);
}

/** How a run went, for its last line and its exit code. */
export interface Summary {
  readonly documents: number;
  readonly invalid: number;
  readonly errors: number;
  readonly warnings: number;
  readonly unread: number;
}

export const NOTHING_YET: Summary = { documents: 0, invalid: 0, errors: 0, warnings: 0, unread: 0 };

/** The summary with one more document in it. */
export function counted(summary: Summary, document: CheckedDocument): Summary {
  const errors = document.issues.filter(isErrorIssue).length;
  const warnings = document.issues.filter(({ severity }) => severity === 'warning').length;
  return {
    documents: summary.documents + 1,
    invalid: summary.invalid + (errors > 0 ? 1 : 0),
    errors: summary.errors + errors,
    warnings: summary.warnings + warnings,
    unread: summary.unread + (document.isRead ? 0 : 1),
  };
}
