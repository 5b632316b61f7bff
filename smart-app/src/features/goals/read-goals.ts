/**
 * The person's goals, who is responsible for each, and how far its measures have come.
 *
 * Spec: profile fp-goal (profiles/README.md): the person responsible is the owner of the Tasks whose focus is the goal.
 */
import type { Goal, GoalTarget, Task } from '@medplum/fhirtypes';
import { CODE_SYSTEM } from '../../fhir/canonicals.ts';
import { hasCode, labelOf } from '../../fhir/codes.ts';
import { type Person, personOf } from '../../fhir/people.ts';
import type { PlanData } from '../../fhir/plan-data.ts';
import { referenceKey } from '../../fhir/resource-index.ts';
import { FHIR_CODES, type Label } from '../../i18n/code-labels.ts';

export interface GoalTargetView {
  /** The value is a PSFS score, 0–10. */
  readonly isScore: boolean;
  readonly text: string | undefined;
  readonly value: number | undefined;
  readonly unit: string | undefined;
  readonly due: string | undefined;
}

export interface GoalView {
  readonly id: string;
  /** In the person's own words. */
  readonly text: string;
  /** The language it is written in, as BCP 47. */
  readonly language: string | undefined;
  readonly status: Label;
  readonly achievement: Label | undefined;
  readonly ended: boolean;
  readonly started: string | undefined;
  readonly targets: readonly GoalTargetView[];
  readonly responsible: readonly Person[];
  readonly progress: Progress;
}

/** How many measures of a goal have come how far. */
interface Progress {
  readonly running: number;
  readonly planned: number;
  readonly onHold: number;
  readonly done: number;
  readonly cancelled: number;
  readonly rejected: number;
  readonly failed: number;
}

const ENDED_GOALS = new Set(['completed', 'cancelled', 'rejected']);
const DROPPED_TASKS = new Set(['cancelled', 'rejected', 'failed']);
/** By Task.status; any other has not begun. */
const PROGRESS: Readonly<Record<string, keyof Progress>> = {
  'in-progress': 'running',
  'on-hold': 'onHold',
  completed: 'done',
  cancelled: 'cancelled',
  rejected: 'rejected',
  failed: 'failed',
};

const readTarget = (target: GoalTarget): GoalTargetView => ({
  isScore: hasCode(CODE_SYSTEM.score, 'psfs-activity', target.measure),
  text:
    [target.measure?.text ?? target.measure?.coding?.[0]?.display, target.detailString ?? target.detailCodeableConcept?.text]
      .filter(Boolean)
      .join(': ') || undefined,
  value: target.detailQuantity?.value ?? target.detailInteger,
  // UCUM annotations such as `{score}` are for machines.
  unit: target.detailQuantity?.unit?.startsWith('{') ? undefined : target.detailQuantity?.unit,
  due: target.dueDate,
});

function progressOf(tasks: readonly Task[]): Progress {
  const progress = { running: 0, planned: 0, onHold: 0, done: 0, cancelled: 0, rejected: 0, failed: 0 };
  for (const { status = '' } of tasks) progress[PROGRESS[status] ?? 'planned'] += 1;
  return progress;
}

/** @returns the goals, those under way before the ended ones. */
export function readGoals(goals: readonly Goal[], tasks: readonly Task[], data: PlanData): GoalView[] {
  return goals
    .map((goal) => {
      const own = tasks.filter((task) => referenceKey(task.focus) === `Goal/${goal.id}`);
      const kept = own.filter((task) => !DROPPED_TASKS.has(task.status ?? ''));
      const responsible = new Map(
        kept.flatMap((task) => (task.owner ? [personOf(task.owner, data.index)] : [])).map((person) => [person.key, person]),
      );
      return {
        id: goal.id ?? '',
        text: goal.description?.text ?? goal.description?.coding?.[0]?.display ?? '',
        language: goal.language,
        status: { system: FHIR_CODES.goalStatus, code: goal.lifecycleStatus ?? 'proposed' },
        achievement: labelOf(FHIR_CODES.achievement, goal.achievementStatus),
        ended: ENDED_GOALS.has(goal.lifecycleStatus ?? ''),
        started: goal.startDate,
        targets: (goal.target ?? []).map(readTarget),
        responsible: [...responsible.values()],
        progress: progressOf(own),
      };
    })
    .sort((a, b) => Number(a.ended) - Number(b.ended));
}
