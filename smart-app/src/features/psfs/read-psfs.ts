/**
 * PSFS: the person's own activities scored 0–10 at each conversation, with what has clearly changed.
 *
 * Direction is always 0 = cannot, 10 = without difficulty; scores of the opposite direction are not mixed in.
 *
 * Spec: profiles fp-psfs-score and fp-psfs-panel (profiles/README.md)
 */
import type { Observation } from '@medplum/fhirtypes';
import { CODE_SYSTEM } from '../../fhir/canonicals.ts';
import { codingOf, hasCode } from '../../fhir/codes.ts';
import type { PlanData } from '../../fhir/plan-data.ts';
import { referenceKey } from '../../fhir/resource-index.ts';

/** The least difference between two scores, or two means, that says something. */
const CLEAR_CHANGE = 2;
const DIRECTION = '0-cannot-10-without-difficulty';

type ChangeKind = 'better' | 'worse' | 'same';

export interface Change {
  readonly by: number;
  readonly kind: ChangeKind;
}

export interface Score {
  readonly value: number;
  /** Since the conversation before where the activity was scored; undefined the first time. */
  readonly change: Change | undefined;
}

interface Conversation {
  readonly key: string;
  /** As recorded, else counted. */
  readonly number: number;
  readonly date: string;
  readonly mean: number | undefined;
  readonly change: Change | undefined;
}

interface ActivityScores {
  readonly name: string;
  /** The language of the name, as BCP 47. */
  readonly language: string | undefined;
  /** One for each conversation; undefined where the activity was not scored. */
  readonly scores: readonly (Score | undefined)[];
  readonly sinceFirst: Change | undefined;
}

export interface Psfs {
  readonly conversations: readonly Conversation[];
  readonly activities: readonly ActivityScores[];
}

/** @returns a difference, marked when it is 2 or more; decimals that binary fractions bring are rounded away. */
export function changeBetween(before: number | undefined, now: number | undefined): Change | undefined {
  if (before === undefined || now === undefined) return undefined;
  const by = Math.round((now - before) * 100) / 100;
  return { by, kind: by >= CLEAR_CHANGE ? 'better' : by <= -CLEAR_CHANGE ? 'worse' : 'same' };
}

const component = (observation: Observation, code: string) =>
  observation.component?.find((candidate) => hasCode(CODE_SYSTEM.score, code, candidate.code));

const isOurDirection = (observation: Observation): boolean => {
  const direction = component(observation, 'psfs-direction')?.valueCodeableConcept?.coding?.[0]?.code;
  return direction === undefined || direction === DIRECTION;
};

const dateOf = (observation: Observation): string | undefined => observation.effectiveDateTime ?? observation.effectivePeriod?.start;
const nameKey = (name: string): string => name.trim().toLocaleLowerCase('nb').replaceAll(/\s+/g, ' ');

interface Sitting {
  readonly key: string;
  readonly date: string;
  readonly panel: Observation | undefined;
  readonly scores: Observation[];
}

/** Scores belong to the panel that has them as members; without a panel, to the day. */
function sittingsOf(observations: readonly Observation[]): Sitting[] {
  const usable = observations.filter((observation) => dateOf(observation) !== undefined && isOurDirection(observation));
  const panels = usable.filter((observation) => hasCode(CODE_SYSTEM.score, 'psfs-panel', observation.code));
  const scores = usable.filter((observation) => hasCode(CODE_SYSTEM.score, 'psfs-activity', observation.code));
  const sittings: Sitting[] = panels.map((panel) => ({ key: panel.id ?? '', date: dateOf(panel) ?? '', panel, scores: [] }));
  const byMember = new Map(
    sittings.flatMap((sitting) => (sitting.panel?.hasMember ?? []).map((member) => [referenceKey(member) ?? '', sitting] as const)),
  );
  for (const score of scores) {
    const day = (dateOf(score) ?? '').slice(0, 10);
    let sitting = byMember.get(`Observation/${score.id}`) ?? sittings.find((candidate) => candidate.date.slice(0, 10) === day);
    if (sitting === undefined) {
      sitting = { key: day, date: day, panel: undefined, scores: [] };
      sittings.push(sitting);
    }
    sitting.scores.push(score);
  }
  return sittings.sort((a, b) => a.date.localeCompare(b.date));
}

const CHANGE_KINDS: Readonly<Record<string, ChangeKind>> = {
  'clear-improvement': 'better',
  'clear-worsening': 'worse',
  'no-clear-change': 'same',
};

/** The change as recorded in the panel; else from the means. */
function panelChange(panel: Observation | undefined, before: number | undefined, mean: number | undefined): Change | undefined {
  const recorded = panel && component(panel, 'psfs-change')?.valueQuantity?.value;
  const said = codingOf(CODE_SYSTEM.psfsChange, ...(panel?.interpretation ?? []))?.code;
  const computed = changeBetween(before, mean);
  const by = recorded ?? computed?.by;
  if (by === undefined) return undefined;
  return { by, kind: CHANGE_KINDS[said ?? ''] ?? changeBetween(0, by)?.kind ?? 'same' };
}

const meanOf = (sitting: Sitting): number | undefined => {
  if (sitting.panel?.valueQuantity?.value !== undefined) return sitting.panel.valueQuantity.value;
  const values = sitting.scores.flatMap((score) => score.valueInteger ?? []);
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
};

/** @returns conversations in time, and each activity's scores along them; both empty when PSFS was never asked. */
export function readPsfs(data: PlanData): Psfs {
  const sittings = sittingsOf(data.observations);
  const conversations: Conversation[] = [];
  for (const [position, sitting] of sittings.entries()) {
    const recorded = sitting.panel && component(sitting.panel, 'psfs-conversation')?.valueInteger;
    const mean = meanOf(sitting);
    const change = panelChange(sitting.panel, conversations.at(-1)?.mean, mean);
    conversations.push({ key: sitting.key, number: recorded ?? position + 1, date: sitting.date, mean, change });
  }
  const names = new Map<string, Pick<ActivityScores, 'name' | 'language'>>();
  for (const score of sittings.flatMap((sitting) => sitting.scores)) {
    const name = score.code?.text ?? score.code?.coding?.[0]?.display ?? '';
    if (!names.has(nameKey(name))) names.set(nameKey(name), { name: name.trim(), language: score.language });
  }
  const activities = [...names].map(([key, about]) => {
    const values = sittings.map(
      (sitting) =>
        sitting.scores.find((score) => nameKey(score.code?.text ?? score.code?.coding?.[0]?.display ?? '') === key)?.valueInteger,
    );
    const known = values.filter((value) => value !== undefined);
    const scores = values.map((value, position) => {
      if (value === undefined) return undefined;
      const before = values.slice(0, position).findLast((earlier) => earlier !== undefined);
      return { value, change: changeBetween(before, value) };
    });
    return { ...about, scores, sinceFirst: known.length > 1 ? changeBetween(known[0], known.at(-1)) : undefined };
  });
  return { conversations, activities };
}
