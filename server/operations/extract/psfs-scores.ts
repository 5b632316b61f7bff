/**
 * A PSFS response as its scores: one for each activity, and the panel that holds them together.
 *
 * Spec: profiles/README.md (PSFS)
 */
import { CANONICAL_BASE } from '../../fhir/canonical.ts';
import { isObject, type Resource } from '../../fhir/resource.ts';
import { answered, itemsOf, numberAnswer, textAnswer } from './answers.ts';
import { goalOfActivity } from './goal-of-activity.ts';
import { type Conversation, conversationBefore, conversationOf, meanOf, withChange } from './psfs-panel.ts';
import { authorOf, component, concept, type DisplayOf, hasCode, SCORE_SYSTEM, sameWords, scoreHead, scoreQuantity } from './score-parts.ts';
import type { Extraction, Known, Slots } from './scores.ts';

const DIRECTION = '0-cannot-10-without-difficulty';

/**
 * The scores of a response that is valid against its profile.
 * @throws FhirError 422 `required` when an answer is missing that a score needs.
 */
export function psfsScores(response: Resource, known: Known, slots: Slots, displayOf: DisplayOf): Extraction {
  const day = answered(textAnswer(response, 'date'), 'date');
  const number = answered(numberAnswer(response, 'conversation'), 'conversation');
  const activities = itemsOf(response, 'activity').map((item) => ({
    name: answered(textAnswer(item, 'activity.name'), 'activity.name').trim(),
    score: answered(numberAnswer(item, 'activity.score'), 'activity.score'),
  }));
  const head = { ...scoreHead(response, displayOf, authorOf(response)), effectiveDateTime: effectiveTime(response, day) };
  const direction = component(displayOf, 'psfs-direction', { valueCodeableConcept: concept(displayOf, 'fp-psfs-direction', DIRECTION) });
  const scores = activities.map(({ name, score }): Resource => {
    const { id, before } = slots.claim((each) => isScoreOf(each, name));
    const focus = goalOfActivity(name, known) ?? before?.focus;
    return {
      resourceType: 'Observation',
      id,
      meta: { profile: [`${CANONICAL_BASE}/StructureDefinition/fp-psfs-score`] },
      ...head,
      code: concept(displayOf, 'fp-score', 'psfs-activity', name),
      ...(focus === undefined ? {} : { focus }),
      valueInteger: score,
      component: [direction],
    };
  });
  const { id } = slots.claim((each) => hasCode(each, SCORE_SYSTEM, 'psfs-panel'));
  const bare: Resource = {
    resourceType: 'Observation',
    id,
    meta: { profile: [`${CANONICAL_BASE}/StructureDefinition/fp-psfs-panel`] },
    ...head,
    code: concept(displayOf, 'fp-score', 'psfs-panel'),
    valueQuantity: scoreQuantity(meanOf(activities.map(({ score }) => score))),
    hasMember: scores.map((score) => ({ reference: `Observation/${score.id}` })),
    component: [
      component(displayOf, 'psfs-conversation', { valueInteger: number }),
      component(displayOf, 'psfs-total', { valueInteger: activities.reduce((sum, { score }) => sum + score, 0) }),
      direction,
    ],
  };
  const others = known.panels.filter((panel) => panel.id !== id).flatMap((panel) => conversationOf(panel) ?? []);
  const previous = conversationBefore({ number, day }, others);
  const panel = withChange(bare, previous?.mean, displayOf);
  const own = conversationOf(panel);
  const warning = previous === undefined && number > 1 ? { about: id, text: noPrevious(number) } : undefined;
  return {
    observations: [...scores, panel, ...followingPanels(own === undefined ? others : [...others, own], others, known, id, displayOf)],
    warnings: warning === undefined ? [] : [warning],
  };
}

/** The panels of other conversations whose change hangs on the panel `id`, when that is entered in error. */
export function panelsAfterRemoval(known: Known, id: string, displayOf: DisplayOf): readonly Resource[] {
  const left = known.panels.filter((panel) => panel.id !== id).flatMap((panel) => conversationOf(panel) ?? []);
  return followingPanels(left, left, known, id, displayOf);
}

/** Later conversations whose change was, or now is, reckoned from the panel `id`: their change is made anew. */
function followingPanels(
  after: readonly Conversation[],
  others: readonly Conversation[],
  known: Known,
  id: string,
  displayOf: DisplayOf,
): readonly Resource[] {
  const before = known.panels.flatMap((panel) => conversationOf(panel) ?? []);
  return others.flatMap((later) => {
    const [was, is] = [conversationBefore(later, before), conversationBefore(later, after)];
    if (was?.panel.id !== id && is?.panel.id !== id) return [];
    return [withChange(later.panel, is?.mean, displayOf)];
  });
}

function isScoreOf(observation: Resource, name: string): boolean {
  const { code } = observation;
  return hasCode(observation, SCORE_SYSTEM, 'psfs-activity') && isObject(code) && sameWords(code.text) === sameWords(name);
}

/** The day of the conversation; with the time of day when the form was filled in on that same day. */
function effectiveTime({ authored }: Resource, day: string): string {
  return typeof authored === 'string' && authored.startsWith(`${day}T`) ? authored : day;
}

function noPrevious(number: number): string {
  return `This is conversation ${number}, but no earlier one was found: the change cannot be told`;
}
