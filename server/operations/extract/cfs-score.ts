/**
 * A CFS response as its score: the level, and the day two weeks before the rating that it is about.
 *
 * Spec: profiles/README.md (CFS)
 */
import { CANONICAL_BASE } from '../../fhir/canonical.ts';
import { unprocessable } from '../../fhir/errors.ts';
import { isObject, type Resource } from '../../fhir/resource.ts';
import { answered, codingAnswer, textAnswer } from './answers.ts';
import { component, concept, type DisplayOf, scoreHead, scoreQuantity } from './score-parts.ts';
import type { Extraction, Known, Slots } from './scores.ts';

const SNOMED = 'http://snomed.info/sct';
const CFS_SCORE = '763264000';
const LOOKS_BACK_DAYS = 14;
const VALIDATED_FROM_YEARS = 65;
/** Types that may rate: the profile takes no others. */
const RATERS = ['Practitioner', 'PractitionerRole', 'Organization'];

/**
 * The score of a response that is valid against its profile. `fhirUser` rates when the response does not say who did.
 * @throws FhirError 422 `required` when the level, the day or the rater is not known.
 */
export function cfsScore(response: Resource, known: Known, slots: Slots, displayOf: DisplayOf, fhirUser?: string): Extraction {
  const level = answered(codingAnswer(response, 'level')?.code, 'level');
  const day = answered(textAnswer(response, 'reference-date') ?? twoWeeksBefore(response), 'reference-date');
  const note = textAnswer(response, 'note');
  const { id } = slots.claim(() => true);
  const score: Resource = {
    resourceType: 'Observation',
    id,
    meta: { profile: [`${CANONICAL_BASE}/StructureDefinition/fp-cfs-score`] },
    ...scoreHead(response, displayOf, [raterOf(response, fhirUser)]),
    code: { ...concept(displayOf, SNOMED, CFS_SCORE), text: 'Clinical Frailty Scale' },
    effectiveDateTime: day,
    valueQuantity: scoreQuantity(Number(level)),
    ...(note === undefined ? {} : { note: [{ text: note }] }),
    component: [component(displayOf, 'cfs-level', { valueCodeableConcept: concept(displayOf, 'fp-cfs-level', level) })],
  };
  const tooYoung = isUnder(VALIDATED_FROM_YEARS, known.birthDate, day);
  return { observations: [score], warnings: tooYoung ? [{ about: id, text: 'CFS is not validated for people under 65' }] : [] };
}

/** True when a person is certainly younger than this on a day. A birth date may be a year or a month only. */
function isUnder(years: number, birthDate: string | undefined, day: string): boolean {
  if (birthDate === undefined) return false;
  const limit = `${String(Number(day.slice(0, 4)) - years).padStart(4, '0')}${day.slice(4, 10)}`;
  return birthDate > limit.slice(0, birthDate.length);
}

function twoWeeksBefore({ authored }: Resource): string | undefined {
  const authoredMs = typeof authored === 'string' ? Date.parse(authored.slice(0, 10)) : Number.NaN;
  return Number.isNaN(authoredMs) ? undefined : new Date(authoredMs - LOOKS_BACK_DAYS * 86_400_000).toISOString().slice(0, 10);
}

function raterOf(response: Resource, fhirUser: string | undefined): unknown {
  const reference = isObject(response.author) ? response.author.reference : undefined;
  if (typeof reference === 'string' && RATERS.some((type) => reference.includes(`${type}/`))) return response.author;
  const named = textAnswer(response, 'rater');
  if (named !== undefined) return { display: named };
  if (fhirUser !== undefined && RATERS.some((type) => fhirUser.startsWith(`${type}/`))) return { reference: fhirUser };
  const diagnostics = 'The response does not say who has rated';
  throw unprocessable([{ severity: 'error', code: 'required', diagnostics, expression: ['QuestionnaireResponse.author'] }]);
}
