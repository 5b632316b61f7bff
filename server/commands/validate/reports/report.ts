/**
 * What every report of `validate` is: text at the beginning, for each document, and at the end.
 */

import type { Language } from '../../../fhir/language.ts';
import { type Issue, operationOutcome } from '../../../fhir/outcome.ts';
import type { Resource } from '../../../fhir/resource.ts';
import type { CheckedDocument, Summary } from '../document.ts';
import { WORDS } from '../words.ts';

/** Each method returns text to write; the documents come in order, and the report may keep them to the end. */
export interface Report {
  begin(): string;
  document(checked: CheckedDocument): string;
  end(summary: Summary): string;
}

const LINE = 'http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line';
const COLUMN = 'http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col';

/** An issue as people read it. */
export interface ReadableIssue {
  readonly severity: Issue['severity'];
  readonly code: string;
  readonly text: string;
  /** FHIRPath of the element; empty when the issue is about the whole. */
  readonly expression: string;
  /** The message id of the rule that was broken, or the key of the invariant; the issue code when there is none. */
  readonly rule: string;
  /** `12:5`, or empty when the issue has no place in the text. */
  readonly position: string;
}

/** The parts of an issue that reports show. */
export function readable(issue: Issue): ReadableIssue {
  const extensions = Array.isArray(issue.extension) ? (issue.extension as { url: string; valueInteger: number }[]) : [];
  const [line, column] = [LINE, COLUMN].map((url) => extensions.find((one) => one.url === url)?.valueInteger);
  return {
    severity: issue.severity,
    code: issue.code,
    text: issue.details?.text ?? issue.diagnostics,
    expression: issue.expression?.join(', ') ?? '',
    rule: issue.details?.coding?.[0]?.code ?? issue.code,
    position: line === undefined ? '' : `${line}:${column ?? 1}`,
  };
}

/** The OperationOutcome of a document; one without issues says so, since an OperationOutcome has at least one. */
export function outcomeOf({ issues }: CheckedDocument, language: Language): Resource {
  if (issues.length > 0) return operationOutcome(issues);
  const text = WORDS.noIssues[language];
  return operationOutcome([{ severity: 'information', code: 'informational', diagnostics: WORDS.noIssues.en, details: { text } }]);
}
