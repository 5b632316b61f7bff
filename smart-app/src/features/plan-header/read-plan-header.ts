/**
 * Which plans a person has, and the facts of one of them.
 *
 * Spec: profile fp-care-plan (profiles/README.md)
 */
import type { CarePlan, CareTeam, Goal, Period, Task } from '@medplum/fhirtypes';
import { EXTENSION } from '../../fhir/canonicals.ts';
import { daysLeft, newestFirst } from '../../fhir/dates.ts';
import { type Person, personOf } from '../../fhir/people.ts';
import type { PlanData } from '../../fhir/plan-data.ts';
import { allPartsOfPlan, planTypeOf } from '../../fhir/plan-tree.ts';
import { referenceKey } from '../../fhir/resource-index.ts';
import { FHIR_CODES, type Label } from '../../i18n/code-labels.ts';

export interface PlanHeader {
  readonly id: string;
  readonly title: string | undefined;
  /** The language of title, description and notes, as BCP 47. */
  readonly language: string | undefined;
  readonly description: string | undefined;
  /** Notes, such as the person's resources and needs. */
  readonly notes: readonly string[];
  readonly type: Label | undefined;
  readonly status: Label;
  readonly period: Period | undefined;
  readonly nextReview: string | undefined;
  /** Days since the review was due; undefined when it is not overdue. */
  readonly reviewOverdueDays: number | undefined;
  readonly version: string | undefined;
  /** When this version was made, as told by who made it; else when the server stored it. */
  readonly lastUpdated: string | undefined;
  readonly changedBy: string | undefined;
  readonly keeper: Person | undefined;
  readonly active: boolean;
}

/** The widest plan first: it is the one a team shares. */
const TYPE_ORDER = ['individuell-plan', 'oppfolgingsplan', 'tiltakslogg', 'behandlingsplan', 'egenbehandlingsplan'];
const SELF_CARE = 'egenbehandlingsplan';
const STATUS_ORDER = ['active', 'on-hold', 'draft', 'unknown', 'completed', 'revoked'];

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
      rank(TYPE_ORDER, planTypeOf(a)?.code) - rank(TYPE_ORDER, planTypeOf(b)?.code) ||
      newestFirst((plan: CarePlan) => plan.period?.start)(a, b),
  );
}

/** The change that made the version shown: when, and by whom. */
interface LastChange {
  readonly date: string;
  readonly by: { readonly name: string | undefined } | undefined;
}

/**
 * @param today `yyyy-mm-dd` in the reader's time zone.
 * @param lastChange undefined when nobody has told.
 */
export function readPlanHeader(plan: CarePlan, data: PlanData, today: string, lastChange?: LastChange): PlanHeader {
  const extension = (url: string) => plan.extension?.find((candidate) => candidate.url === url);
  const nextReview = extension(EXTENSION.nextReview)?.valueDate;
  const custodian = extension(EXTENSION.custodian)?.valueReference;
  const active = plan.status === 'active';
  const left = active ? daysLeft(nextReview, today) : undefined;
  return {
    id: plan.id ?? '',
    title: plan.title,
    language: plan.language,
    description: plan.description,
    notes: (plan.note ?? []).flatMap((note) => note.text ?? []),
    type: planTypeOf(plan),
    status: { system: FHIR_CODES.planStatus, code: plan.status ?? 'unknown' },
    period: plan.period,
    nextReview,
    reviewOverdueDays: left !== undefined && left < 0 ? -left : undefined,
    version: plan.meta?.versionId,
    lastUpdated: lastChange?.date ?? plan.meta?.lastUpdated,
    changedBy: lastChange?.by?.name,
    keeper: custodian === undefined ? undefined : personOf(custodian, data.index),
    active,
  };
}

/** The parts of a person's data that belong to one plan. */
export interface PlanParts {
  readonly teams: readonly CareTeam[];
  readonly goals: readonly Goal[];
  /** Without those of self-care plans within it, which hold good only in their zone. */
  readonly tasks: readonly Task[];
  /** Plans within it that are not for self-care. */
  readonly nested: readonly CarePlan[];
}

type References = readonly Parameters<typeof referenceKey>[0][];

const keysOf = (references: References): Set<string | undefined> => new Set(references.map(referenceKey));

/** @returns what the plan and the plans within it point at, and the Tasks based on them. A plan that names no team or goal has the person's. */
export function partsOf(plan: CarePlan, data: PlanData): PlanParts {
  const within = allPartsOfPlan(plan, data.plans);
  const nested = within.filter((part) => planTypeOf(part)?.code !== SELF_CARE);
  const teamKeys = keysOf([plan, ...within].flatMap((part) => part.careTeam ?? []));
  const goalKeys = keysOf([plan, ...within].flatMap((part) => part.goal ?? []));
  const taskKeys = keysOf([plan, ...nested].flatMap((part) => (part.activity ?? []).map((activity) => activity.reference)));
  const planKeys = new Set([plan, ...nested].map((part) => `CarePlan/${part.id}`));
  const isBasedOn = (task: Task): boolean => task.basedOn?.some((based) => planKeys.has(referenceKey(based) ?? '')) ?? false;
  const teams = data.teams.filter((team) => teamKeys.has(`CareTeam/${team.id}`));
  const goals = data.goals.filter((goal) => goalKeys.has(`Goal/${goal.id}`));
  return {
    teams: teams.length > 0 ? teams : data.teams,
    goals: goals.length > 0 ? goals : data.goals,
    tasks: data.tasks.filter((task) => taskKeys.has(`Task/${task.id}`) || isBasedOn(task)),
    nested,
  };
}
