/**
 * Self-care plans within a plan: zones with their signs, and what the person then does.
 *
 * Spec: profile fp-care-plan (profiles/README.md): zones are plans with `partOf`.
 */
import type { CarePlan } from '@medplum/fhirtypes';
import type { PlanData } from '../../fhir/plan-data.ts';
import { partsOfPlan, planTypeOf } from '../../fhir/plan-tree.ts';
import { referenceKey } from '../../fhir/resource-index.ts';

type ZoneColor = 'green' | 'yellow' | 'red';

export interface Zone {
  readonly id: string;
  readonly title: string;
  /** The language of title and signs, as BCP 47. */
  readonly language: string | undefined;
  /** The signs that the person is in it. */
  readonly signs: string | undefined;
  readonly todo: readonly { readonly id: string; readonly text: string; readonly language: string | undefined }[];
  /** For the eye only: the title says it too. */
  readonly color: ZoneColor | undefined;
}

export interface SelfCarePlan {
  readonly id: string;
  readonly title: string;
  /** The language of title and description, as BCP 47. */
  readonly language: string | undefined;
  readonly description: string | undefined;
  readonly zones: readonly Zone[];
}

const SELF_CARE = 'egenbehandlingsplan';
const COLOR_WORDS: readonly (readonly [RegExp, ZoneColor])[] = [
  [/gr(ø|ö)n|green/i, 'green'],
  [/gul|yellow/i, 'yellow'],
  [/r(ø|au)d|red/i, 'red'],
];
const DROPPED = new Set(['cancelled', 'rejected', 'failed', 'draft']);
const CURRENT = new Set(['active', 'on-hold', 'draft']);

function readZone(plan: CarePlan, data: PlanData): Zone {
  const activities = new Set((plan.activity ?? []).map((activity) => referenceKey(activity.reference)));
  const title = plan.title ?? '';
  return {
    id: plan.id ?? '',
    title,
    language: plan.language,
    signs: plan.description,
    todo: data.tasks
      .filter((task) => activities.has(`Task/${task.id}`) && !DROPPED.has(task.status ?? ''))
      .map((task) => ({ id: task.id ?? '', text: task.description ?? task.code?.text ?? '', language: task.language })),
    color: COLOR_WORDS.find(([word]) => word.test(title))?.[1],
  };
}

/** @returns the self-care plans that are part of the plan, or the plan itself when it is one with zones; those that are over are left out. */
export function readSelfCare(plan: CarePlan, data: PlanData): SelfCarePlan[] {
  const isCurrent = (candidate: CarePlan): boolean => CURRENT.has(candidate.status ?? '');
  return [plan, ...partsOfPlan(plan, data.plans)]
    .filter((candidate) => planTypeOf(candidate)?.code === SELF_CARE && isCurrent(candidate))
    .map((selfCare) => {
      const zones = partsOfPlan(selfCare, data.plans).filter(isCurrent);
      return {
        id: selfCare.id ?? '',
        title: selfCare.title ?? '',
        language: selfCare.language,
        description: selfCare.description,
        // A self-care plan without zones of its own is one zone.
        zones: (zones.length > 0 || selfCare === plan ? zones : [selfCare]).map((zone) => readZone(zone, data)),
      };
    })
    .filter((selfCare) => selfCare.zones.length > 0);
}
