/**
 * PSFS conversations as panels: what the mean, the total and the change from the conversation before are.
 *
 * Spec: profiles/README.md (PSFS)
 */
import { numberOf } from '../../fhir/json.ts';
import { isObject, type Resource } from '../../fhir/resource.ts';
import { component, concept, type DisplayOf, hasCode, SCORE_SYSTEM, scoreQuantity } from './score-parts.ts';

/** The difference between two means that the tool calls clear. */
const CLEAR_CHANGE = 2;

export interface Conversation {
  readonly panel: Resource;
  readonly number: number;
  readonly mean: number;
  /** The day it was held, `YYYY-MM-DD`. */
  readonly day: string;
}

/** The conversation that a panel is about; undefined when it is no panel, was entered in error, or lacks what counts. */
export function conversationOf(panel: Resource): Conversation | undefined {
  if (!hasCode(panel, SCORE_SYSTEM, 'psfs-panel') || panel.status === 'entered-in-error') return undefined;
  const number = numberOf(componentOf(panel, 'psfs-conversation')?.valueInteger);
  const mean = isObject(panel.valueQuantity) ? numberOf(panel.valueQuantity.value) : undefined;
  if (number === undefined || mean === undefined) return undefined;
  return { panel, number, mean, day: String(panel.effectiveDateTime ?? '').slice(0, 10) };
}

/** The conversation before one of this number and day: the highest number below it, the latest of that number. */
export function conversationBefore(
  { number, day }: Pick<Conversation, 'number' | 'day'>,
  all: readonly Conversation[],
): Conversation | undefined {
  return all
    .filter((each) => each.number < number && each.day <= day)
    .toSorted((a, b) => b.number - a.number || (a.day < b.day ? 1 : -1))[0];
}

/** The mean of scores, to two decimals: rounding never carries a change across the limit of two points. */
export function meanOf(scores: readonly number[]): number {
  return twoDecimals(scores.reduce((sum, score) => sum + score, 0) / scores.length);
}

/** The panel with its change from a previous mean and what that means; without both when there is no previous mean. */
export function withChange(panel: Resource, previousMean: number | undefined, displayOf: DisplayOf): Resource {
  const { interpretation: _before, ...rest } = panel;
  const mean = isObject(panel.valueQuantity) ? numberOf(panel.valueQuantity.value) : undefined;
  const others = componentsOf(panel).filter((each) => !isComponent(each, 'psfs-change'));
  if (previousMean === undefined || mean === undefined) return { ...rest, component: others };
  const change = twoDecimals(mean - previousMean);
  const meaning = change >= CLEAR_CHANGE ? 'clear-improvement' : change <= -CLEAR_CHANGE ? 'clear-worsening' : 'no-clear-change';
  return {
    ...rest,
    interpretation: [concept(displayOf, 'fp-psfs-change', meaning)],
    component: [...others, component(displayOf, 'psfs-change', { valueQuantity: scoreQuantity(change) })],
  };
}

function componentsOf(panel: Resource): readonly Record<string, unknown>[] {
  return Array.isArray(panel.component) ? panel.component.filter(isObject) : [];
}

function componentOf(panel: Resource, code: string): Record<string, unknown> | undefined {
  return componentsOf(panel).find((each) => isComponent(each, code));
}

function isComponent(part: Record<string, unknown>, code: string): boolean {
  return hasCode({ resourceType: 'Observation', code: part.code }, SCORE_SYSTEM, code);
}

function twoDecimals(value: number): number {
  // Adding zero turns minus zero into zero.
  return Math.round(value * 100) / 100 + 0;
}
