/**
 * Which plans a person has, and the facts of one of them.
 *
 * Spec: profile fp-care-plan (profiles/README.md)
 */
import type { CarePlan, CareTeam, Goal, Period, Task } from '@medplum/fhirtypes';
import { CODE_SYSTEM, EXTENSION } from '../../fhir/canonicals.ts';
import { codingOf, labelOf } from '../../fhir/codes.ts';
import { daysLeft, newestFirst } from '../../fhir/dates.ts';
import { type Person, personOf } from '../../fhir/people.ts';
import type { PlanData } from '../../fhir/plan-data.ts';
import { referenceKey } from '../../fhir/resource-index.ts';
import { FHIR_CODES, type Label } from '../../i18n/code-labels.ts';

export interface PlanHeader {
  readonly id: string;
  readonly title: string | undefined;
  readonly type: Label | undefined;
  readonly status: Label;
  readonly period: Period | undefined;
  readonly nextReview: string | undefined;
  /** Days since the review was due; undefined when it is not overdue. */
  readonly reviewOverdueDays: number | undefined;
  readonly version: string | undefined;
  readonly lastUpdated: string | undefined;
  readonly keeper: Person | undefined;
  readonly active: boolean;
}

/** The widest plan first: it is the one a team shares. */
const TYPE_ORDER = ['individuell-plan', 'oppfolgingsplan', 'tiltakslogg', 'behandlingsplan', 'egenbehandlingsplan'];
const STATUS_ORDER = ['active', 'on-hold', 'draft', 'unknown', 'completed', 'revoked'];

const typeOf = (plan: CarePlan): Label | undefined => {
  const coding = codingOf(CODE_SYSTEM.planType, ...(plan.category ?? []));
  if (coding?.code !== undefined) return { system: CODE_SYSTEM.planType, code: coding.code, display: coding.display };
  return labelOf(CODE_SYSTEM.planType, plan.category?.[0]);
};

const rank = (order: readonly string[], value: string | undefined): number => {
  const position = order.indexOf(value ?? '');
  return position < 0 ? order.length : position;
};

/** @returns the plans to choose among, the one to show first at the front; plans that are part of another stand after all others. */
export function orderPlans(plans: readonly CarePlan[]): CarePlan[] {
  return [...plans].sort(
    (a, b) =>
      Number(a.partOf !== undefined) - Number(b.partOf !== undefined) ||
      rank(STATUS_ORDER, a.status) - rank(STATUS_ORDER, b.status) ||
      rank(TYPE_ORDER, typeOf(a)?.code) - rank(TYPE_ORDER, typeOf(b)?.code) ||
      newestFirst((plan: CarePlan) => plan.period?.start)(a, b),
  );
}

/** @param today `yyyy-mm-dd` in the reader's time zone. */
export function readPlanHeader(plan: CarePlan, data: PlanData, today: string): PlanHeader {
  const extension = (url: string) => plan.extension?.find((candidate) => candidate.url === url);
  const nextReview = extension(EXTENSION.nextReview)?.valueDate;
  const custodian = extension(EXTENSION.custodian)?.valueReference;
  const active = plan.status === 'active';
  const left = active ? daysLeft(nextReview, today) : undefined;
  return {
    id: plan.id ?? '',
    title: plan.title,
    type: typeOf(plan),
    status: { system: FHIR_CODES.planStatus, code: plan.status ?? 'unknown' },
    period: plan.period,
    nextReview,
    reviewOverdueDays: left !== undefined && left < 0 ? -left : undefined,
    version: plan.meta?.versionId,
    lastUpdated: plan.meta?.lastUpdated,
    keeper: custodian === undefined ? undefined : personOf(custodian, data.index),
    active,
  };
}

/** The parts of a person's data that belong to one plan. */
export interface PlanParts {
  readonly teams: readonly CareTeam[];
  readonly goals: readonly Goal[];
  readonly tasks: readonly Task[];
  /** Plans that are part of it, such as the zones of a self-care plan. */
  readonly nested: readonly CarePlan[];
}

/** @returns what the plan and the plans within it point at, and the Tasks based on them. A plan that names no team or goal has the person's. */
export function partsOf(plan: CarePlan, data: PlanData): PlanParts {
  const nested = data.plans.filter((candidate) => candidate.partOf?.some((whole) => referenceKey(whole) === `CarePlan/${plan.id}`));
  const all = [plan, ...nested];
  const keys = (references: readonly Parameters<typeof referenceKey>[0][]): Set<string | undefined> =>
    new Set(references.map(referenceKey));
  const planKeys = new Set<string | undefined>(all.map((part) => `CarePlan/${part.id}`));
  const teamKeys = keys(all.flatMap((part) => part.careTeam ?? []));
  const goalKeys = keys(all.flatMap((part) => part.goal ?? []));
  const taskKeys = keys(all.flatMap((part) => (part.activity ?? []).map((activity) => activity.reference)));
  const teams = data.teams.filter((team) => teamKeys.has(`CareTeam/${team.id}`));
  const goals = data.goals.filter((goal) => goalKeys.has(`Goal/${goal.id}`));
  return {
    teams: teams.length > 0 ? teams : data.teams,
    goals: goals.length > 0 ? goals : data.goals,
    tasks: data.tasks.filter((task) => taskKeys.has(`Task/${task.id}`) || task.basedOn?.some((based) => planKeys.has(referenceKey(based)))),
    nested,
  };
}
