/**
 * The goal that a PSFS activity is about: one whose target or words name the activity, or that an earlier score of the
 * same activity points at.
 *
 * Spec: profiles/README.md (PSFS, Goal)
 */
import { isObject, type Resource } from '../../fhir/resource.ts';
import { hasCode, SCORE_SYSTEM, sameWords } from './score-parts.ts';
import type { Known } from './scores.ts';

/** Goals that nobody works for any more. */
const DROPPED = ['cancelled', 'entered-in-error', 'rejected'];

/**
 * The `focus` of a score; undefined when no goal, or more than one, could be meant. What says most is asked first: the
 * target of a goal, an earlier score, the same words, the activity as part of the words.
 */
export function goalOfActivity(activity: string, known: Known): readonly { readonly reference: string }[] | undefined {
  const wanted = sameWords(activity);
  const goals = known.goals.filter((goal) => !DROPPED.includes(String(goal.lifecycleStatus)));
  const only = (found: readonly Resource[]) => (found.length === 1 ? [{ reference: `Goal/${found[0]?.id}` }] : undefined);
  return (
    only(goals.filter((goal) => targetsOf(goal).includes(wanted))) ??
    focusOfEarlier(wanted, known) ??
    only(goals.filter((goal) => wordsOf(goal) === wanted)) ??
    only(goals.filter((goal) => ` ${plain(wordsOf(goal))} `.includes(` ${plain(wanted)} `)))
  );
}

function targetsOf(goal: Resource): readonly string[] {
  const targets: readonly unknown[] = Array.isArray(goal.target) ? goal.target : [];
  return targets.flatMap((target) => (isObject(target) && isObject(target.measure) ? [sameWords(target.measure.text)] : []));
}

function wordsOf({ description }: Resource): string {
  return isObject(description) ? sameWords(description.text) : '';
}

/** The focus of the latest earlier score of the activity that has one. */
function focusOfEarlier(wanted: string, { scores }: Known): readonly { readonly reference: string }[] | undefined {
  const found = scores
    .filter(({ status, focus }) => status !== 'entered-in-error' && Array.isArray(focus) && focus.length > 0)
    .filter((score) => hasCode(score, SCORE_SYSTEM, 'psfs-activity') && isObject(score.code) && sameWords(score.code.text) === wanted)
    .toSorted((a, b) => (String(a.effectiveDateTime) < String(b.effectiveDateTime) ? 1 : -1))[0];
  return found?.focus as readonly { readonly reference: string }[] | undefined;
}

function plain(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}
