/**
 * Who changed what in the plan and when, the newest first.
 *
 * Spec: profile fp-provenance (profiles/README.md)
 */
import type { CarePlan, Provenance } from '@medplum/fhirtypes';
import { newestFirst } from '../../fhir/dates.ts';
import { type Person, personOf } from '../../fhir/people.ts';
import type { PlanData } from '../../fhir/plan-data.ts';
import { allPartsOfPlan } from '../../fhir/plan-tree.ts';
import { referenceKey } from '../../fhir/resource-index.ts';

export interface PlanChange {
  readonly id: string;
  readonly date: string;
  readonly by: Person | undefined;
  /** What was done, as it was written down; undefined where only the kind of change is told. */
  readonly what: string | undefined;
  readonly kind: 'creation' | 'change' | 'deletion';
  /** The language of `what`, as BCP 47. */
  readonly language: string | undefined;
  /** The measure, goal or plan that it was done to, and the language of its words. */
  readonly subject: { readonly text: string; readonly language: string | undefined } | undefined;
}

/** By their codes in v3-DataOperation. */
const KINDS: Readonly<Record<string, PlanChange['kind']>> = { CREATE: 'creation', DELETE: 'deletion' };

/** @returns changes of the plan, its parts and what they point at; of one resource with several targets, the first is named. */
export function readChanges(plan: CarePlan, data: PlanData): PlanChange[] {
  const plans = [plan, ...allPartsOfPlan(plan, data.plans)];
  const own = new Set(
    plans.flatMap((part) => [
      `CarePlan/${part.id}`,
      ...[...(part.careTeam ?? []), ...(part.goal ?? [])].map(referenceKey),
      ...(part.activity ?? []).map((activity) => referenceKey(activity.reference)),
    ]),
  );
  return data.changes
    .filter((change) => change.target?.some((target) => own.has(referenceKey(target))))
    .map((change) => changeOf(change, data))
    .sort(newestFirst((change) => change.date));
}

/** @returns who made the version of the plan that is shown, and when; undefined when nobody has told of just that version. */
export function readVersionChange(plan: CarePlan, data: PlanData): PlanChange | undefined {
  const version = `CarePlan/${plan.id}/_history/${plan.meta?.versionId}`;
  const told = data.changes.filter((change) => change.target?.some(({ reference }) => reference?.endsWith(version)));
  return told.map((change) => changeOf(change, data)).sort(newestFirst((change) => change.date))[0];
}

function changeOf(change: Provenance, data: PlanData): PlanChange {
  return {
    id: change.id ?? '',
    date: change.occurredDateTime ?? change.recorded ?? '',
    by: change.agent?.[0]?.who === undefined ? undefined : personOf(change.agent[0].who, data.index),
    what: change.activity?.text,
    kind: KINDS[change.activity?.coding?.[0]?.code ?? ''] ?? 'change',
    subject: subjectOf(change, data),
    language: change.language,
  };
}

/** The words of a measure or goal, the title of a plan. */
function subjectOf({ target }: Provenance, { index }: PlanData): PlanChange['subject'] {
  const first = target?.[0];
  const [task, goal, plan] = [index.get('Task', first), index.get('Goal', first), index.get('CarePlan', first)];
  const text = task?.description ?? goal?.description?.text ?? plan?.title;
  return text === undefined ? undefined : { text, language: (task ?? goal ?? plan)?.language };
}
