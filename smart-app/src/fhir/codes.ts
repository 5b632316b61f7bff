/**
 * Finds codes in concepts, and turns them into labels to be shown.
 *
 * Spec: https://hl7.org/fhir/R4/datatypes.html#CodeableConcept
 */
import type { CodeableConcept, Coding } from '@medplum/fhirtypes';
import type { Label } from '../i18n/code-labels.ts';

/** @returns the first coding of a system among the concepts. */
export function codingOf(system: string, ...concepts: readonly (CodeableConcept | undefined)[]): Coding | undefined {
  return concepts.flatMap((concept) => concept?.coding ?? []).find((coding) => coding.system === system && coding.code !== undefined);
}

/** @returns whether one of the concepts has the code. */
export const hasCode = (system: string, code: string, ...concepts: readonly (CodeableConcept | undefined)[]): boolean =>
  concepts.some((concept) => concept?.coding?.some((coding) => coding.system === system && coding.code === code) ?? false);

/**
 * @param system the code system that the app has names for.
 * @returns a label of the concept: its code in the system, else its text, else any other coding; undefined for an empty concept.
 */
export function labelOf(system: string, concept: CodeableConcept | undefined): Label | undefined {
  if (concept === undefined) return undefined;
  const coding = codingOf(system, concept) ?? (concept.text === undefined ? concept.coding?.[0] : undefined);
  const text = concept.text ?? coding?.display;
  if (coding?.code !== undefined) return { system: coding.system ?? '', code: coding.code, display: text };
  return text === undefined ? undefined : { system: '', code: text, display: text };
}
