/**
 * Which scores a response gives: by its questionnaire, and by its status.
 *
 * Spec: profiles/README.md · https://hl7.org/fhir/uv/sdc/STU3/extraction.html
 */
import { CANONICAL_BASE } from '../../fhir/canonical.ts';
import { businessRule, unprocessable } from '../../fhir/errors.ts';
import type { Resource } from '../../fhir/resource.ts';
import { cfsScore } from './cfs-score.ts';
import { panelsAfterRemoval, psfsScores } from './psfs-scores.ts';
import { type DisplayOf, hasCode, SCORE_SYSTEM } from './score-parts.ts';

/** What is known of the patient when scores are made. */
export interface Known {
  /** Scores made of this response before, whatever their status. */
  readonly derived: readonly Resource[];
  /** PSFS panels and scores of activities of the patient. */
  readonly panels: readonly Resource[];
  readonly scores: readonly Resource[];
  readonly goals: readonly Resource[];
  readonly birthDate?: string;
}

/** Under which id a score is kept: that of the one it replaces, or a new one. */
export interface Slots {
  claim(isSame: (derived: Resource) => boolean): { readonly id: string; readonly before?: Resource };
}

export interface Extraction {
  /** The scores as they are to be, with ids; also those of other responses that change with them. */
  readonly observations: readonly Resource[];
  readonly warnings: readonly { readonly about: string; readonly text: string }[];
}

export interface ScoreTools {
  readonly newId: () => string;
  readonly displayOf: DisplayOf;
  /** The issues of a response against its profile. @throws FhirError 422 when there are errors. */
  readonly checkResponse: (response: Resource, profile: string) => void;
  readonly fhirUser?: string;
}

type FormName = 'fp-psfs' | 'fp-cfs';

/**
 * The form that a response is to.
 * @throws FhirError 422 `not-supported` for another questionnaire than PSFS and CFS.
 */
function formOf({ questionnaire }: Resource): FormName {
  const canonical = String(questionnaire ?? '').split('|')[0];
  const form = (['fp-psfs', 'fp-cfs'] as const).find((name) => canonical === `${CANONICAL_BASE}/Questionnaire/${name}`);
  if (form !== undefined) return form;
  const diagnostics = 'Scores are made of responses to the questionnaires fp-psfs and fp-cfs';
  throw unprocessable([{ severity: 'error', code: 'not-supported', diagnostics, expression: ['QuestionnaireResponse.questionnaire'] }]);
}

/**
 * The scores of a response. Scores made of it before that it no longer gives are marked as entered in error.
 * @throws FhirError 422 when the response is of another form, not finished, or not valid.
 */
export function scoresOf(response: Resource, known: Known, tools: ScoreTools): Extraction {
  const form = formOf(response);
  const { displayOf } = tools;
  if (response.status === 'entered-in-error') {
    const panel = known.derived.find((each) => hasCode(each, SCORE_SYSTEM, 'psfs-panel'));
    const later = panel?.id === undefined ? [] : panelsAfterRemoval(known, panel.id, displayOf);
    return { observations: [...inError(known.derived), ...later], warnings: [] };
  }
  if (response.status !== 'completed' && response.status !== 'amended') {
    throw businessRule('Scores are made of a response that is completed or amended', 'QuestionnaireResponse.status');
  }
  tools.checkResponse(response, `${CANONICAL_BASE}/StructureDefinition/${form}-response`);
  const left = [...known.derived];
  const slots: Slots = {
    claim(isSame) {
      const place = left.findIndex(isSame);
      const [before] = place < 0 ? [] : left.splice(place, 1);
      return before?.id === undefined ? { id: tools.newId() } : { id: before.id, before };
    },
  };
  const made =
    form === 'fp-psfs' ? psfsScores(response, known, slots, displayOf) : cfsScore(response, known, slots, displayOf, tools.fhirUser);
  return { ...made, observations: [...made.observations, ...inError(left)] };
}

/** Those that are not marked yet, marked. */
function inError(scores: readonly Resource[]): readonly Resource[] {
  const standing = scores.filter(({ status }) => status !== 'entered-in-error');
  return standing.map((score) => ({ ...score, status: 'entered-in-error' }));
}
