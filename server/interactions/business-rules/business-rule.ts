/**
 * What a rule of the service is: something that holds between resources or between versions, beyond what one resource
 * can say of itself. Rules are asked inside the commit, so that two writers cannot both pass.
 */
import type { Resource } from '../../fhir/resource.ts';
import type { SearchQuery } from '../../search/query.ts';
import type { SearchPage } from '../../store/resource-store.ts';
import type { FhirContext } from '../context.ts';

/** One write of a plan as the rules see it, its links rewritten. */
export interface Change {
  readonly type: string;
  readonly id: string;
  /** The version that is written. */
  readonly versionId: number;
  /** What was there; undefined for a new or deleted resource. It is parsed when it is first asked for. */
  readonly before: Resource | undefined;
  /** The text of what was there. */
  readonly beforeText: string | undefined;
  /** True for a resource that had been deleted. */
  readonly isBroughtBack: boolean;
  /** What will be there; undefined for a deletion. */
  readonly after: Resource | undefined;
}

/** What a rule may ask: the change itself, all changes of the same commit, and answers that are still true when it commits. */
export interface RuleView {
  readonly ctx: FhirContext;
  readonly changes: readonly Change[];
  /** The answer to a question that the rule asks of the store. */
  answer(question: SearchQuery): SearchPage;
  /** The text of what was there before it was deleted, of a change that brings it back; for rules that look back. */
  former(change: Change): string | undefined;
}

export interface BusinessRule {
  /** The types whose changes it is about. */
  readonly types: readonly string[];
  /** What it must know of the store to judge this change. */
  question?(change: Change, ctx: FhirContext): SearchQuery | undefined;
  /** True when it asks what there was before a deletion. */
  readonly looksBack?: true;
  /** @throws FhirError 422 `business-rule` with the element that breaks the rule. */
  check(change: Change, view: RuleView): void;
}
