/**
 * What all scores have in common: codes, quantities, and the head that comes from the response.
 *
 * Spec: profiles/README.md · https://hl7.org/fhir/R4/observation.html
 */
import { CANONICAL_BASE } from '../../fhir/canonical.ts';
import { type Coding, isObject, type Resource } from '../../fhir/resource.ts';

export const SCORE_SYSTEM = `${CANONICAL_BASE}/CodeSystem/fp-score`;
const UCUM = 'http://unitsofmeasure.org';
const CATEGORY_SYSTEM = 'http://terminology.hl7.org/CodeSystem/observation-category';
/** Types that an Observation may name as performer. */
const PERFORMERS = ['Practitioner', 'PractitionerRole', 'Organization', 'CareTeam', 'Patient', 'RelatedPerson'];

/** The display of a code in the language of the response, where it is known. */
export type DisplayOf = (system: string, code: string) => string | undefined;

/** A coding with its display. */
function coded(displayOf: DisplayOf, system: string, code: string): Coding {
  const display = displayOf(system, code);
  return { system, code, ...(display === undefined ? {} : { display }) };
}

/** A concept of the project's own code systems, or of another one when `system` is absolute. */
export function concept(displayOf: DisplayOf, system: string, code: string, text?: string): Record<string, unknown> {
  const url = system.includes(':') ? system : `${CANONICAL_BASE}/CodeSystem/${system}`;
  return { coding: [coded(displayOf, url, code)], ...(text === undefined ? {} : { text }) };
}

export const component = (displayOf: DisplayOf, code: string, value: Record<string, unknown>): Record<string, unknown> => ({
  code: concept(displayOf, SCORE_SYSTEM, code),
  ...value,
});

export const scoreQuantity = (value: number): Record<string, unknown> => ({ value, unit: 'poeng', system: UCUM, code: '{score}' });

/** The elements that a score takes over from the response: language, status, subject, time of issue, performer, origin. */
export function scoreHead(response: Resource, displayOf: DisplayOf, performers: readonly unknown[]): Record<string, unknown> {
  const { authored, language, encounter } = response;
  return {
    ...(typeof language === 'string' ? { language } : {}),
    status: response.status === 'amended' ? 'amended' : 'final',
    category: [concept(displayOf, CATEGORY_SYSTEM, 'survey')],
    subject: response.subject,
    ...(isObject(encounter) ? { encounter } : {}),
    // An instant has a time with its zone; a plain date is no instant.
    ...(typeof authored === 'string' && /T.+(Z|[+-]\d\d:\d\d)$/.test(authored) ? { issued: authored } : {}),
    ...(performers.length === 0 ? {} : { performer: performers }),
    derivedFrom: [{ reference: `QuestionnaireResponse/${response.id}` }],
  };
}

/** Who filled in the form, as a performer. */
export function authorOf(response: Resource): readonly unknown[] {
  const { author } = response;
  if (!isObject(author)) return [];
  const { reference } = author;
  return typeof reference !== 'string' || PERFORMERS.some((type) => reference.includes(`${type}/`)) ? [author] : [];
}

/** True when a resource is coded with this code in `Observation.code`. */
export function hasCode(observation: Resource, system: string, code: string): boolean {
  const codings: readonly unknown[] = isObject(observation.code) && Array.isArray(observation.code.coding) ? observation.code.coding : [];
  return codings.some((coding) => isObject(coding) && coding.system === system && coding.code === code);
}

/** Words compared without regard to case, runs of spaces and a full stop at the end. */
export function sameWords(text: unknown): string {
  return typeof text === 'string' ? text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').replace(/\.$/, '').trim() : '';
}
