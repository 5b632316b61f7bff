/**
 * Measures (tiltak): what is to be done, by whom and when, the most urgent first.
 *
 * Spec: profile fp-measure-task (profiles/README.md)
 */
import type { Goal, Task } from '@medplum/fhirtypes';
import { CODE_SYSTEM } from '../../fhir/canonicals.ts';
import { codingOf, labelOf } from '../../fhir/codes.ts';
import { daysLeft, newestFirst } from '../../fhir/dates.ts';
import { type Person, personOf } from '../../fhir/people.ts';
import type { PlanData } from '../../fhir/plan-data.ts';
import { referenceKey } from '../../fhir/resource-index.ts';
import { FHIR_CODES, type Label } from '../../i18n/code-labels.ts';

export interface MeasureView {
  readonly id: string;
  readonly text: string;
  /** The language it is written in, as BCP 47. */
  readonly language: string | undefined;
  readonly type: Label | undefined;
  /** The step of a pathway: an HPH step (`HPH2`) or a BTI level (`BTI`), with its name. */
  readonly step: { readonly pathway: string; readonly name: Label } | undefined;
  readonly status: Label;
  /** The business status in the services' own words. */
  readonly progress: string | undefined;
  readonly owner: Person | undefined;
  readonly due: string | undefined;
  /** Days to the due date, negative when it has passed; undefined without a due date, or when the measure is over. */
  readonly daysLeft: number | undefined;
  readonly overdue: boolean;
  readonly over: boolean;
  readonly goal: { readonly text: string; readonly language: string | undefined } | undefined;
}

const OVER = new Set(['completed', 'cancelled', 'failed', 'rejected']);

function readStep(task: Task): MeasureView['step'] {
  const [hph, bti] = [codingOf(CODE_SYSTEM.hphStep, task.code), codingOf(CODE_SYSTEM.btiLevel, task.code)];
  if (hph?.code !== undefined) return { pathway: hph.code, name: { system: CODE_SYSTEM.hphStep, code: hph.code, display: hph.display } };
  if (bti?.code !== undefined) return { pathway: 'BTI', name: { system: CODE_SYSTEM.btiLevel, code: bti.code, display: bti.display } };
  return undefined;
}

function readMeasure(task: Task, goals: readonly Goal[], data: PlanData, today: string): MeasureView {
  const over = OVER.has(task.status ?? '');
  const due = task.restriction?.period?.end ?? task.executionPeriod?.end;
  const left = over ? undefined : daysLeft(due, today);
  const type = labelOf(CODE_SYSTEM.measureType, task.code);
  const goal = goals.find((candidate) => referenceKey(task.focus) === `Goal/${candidate.id}`);
  return {
    id: task.id ?? '',
    text: task.description ?? task.code?.text ?? type?.display ?? '',
    type: type?.system === CODE_SYSTEM.measureType ? type : undefined,
    language: task.language,
    step: readStep(task),
    status: { system: FHIR_CODES.taskStatus, code: task.status ?? 'requested' },
    progress: task.businessStatus?.text,
    owner: task.owner ? personOf(task.owner, data.index) : undefined,
    due,
    daysLeft: left,
    // What waits has been put off by agreement; its date is shown all the same.
    overdue: left !== undefined && left < 0 && task.status !== 'on-hold',
    over,
    goal: goal?.description?.text === undefined ? undefined : { text: goal.description.text, language: goal.language },
  };
}

export interface Measures {
  /** By due date; without one, or on hold beyond it, last. */
  readonly open: readonly MeasureView[];
  /** The latest due date first. */
  readonly over: readonly MeasureView[];
}

/** @param today `yyyy-mm-dd` in the reader's time zone. */
export function readMeasures(tasks: readonly Task[], goals: readonly Goal[], data: PlanData, today: string): Measures {
  const all = tasks.map((task) => readMeasure(task, goals, data, today));
  const urgency = (measure: MeasureView): number =>
    measure.daysLeft === undefined || (measure.daysLeft < 0 && !measure.overdue) ? Number.MAX_SAFE_INTEGER : measure.daysLeft;
  return {
    open: all.filter((measure) => !measure.over).sort((a, b) => urgency(a) - urgency(b)),
    over: all.filter((measure) => measure.over).sort(newestFirst((measure) => measure.due)),
  };
}
