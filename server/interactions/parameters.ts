/**
 * Query parameters of interactions other than search: each interaction takes those it knows, all take the general ones.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#parameters
 */
import { badValue, unsupportedParameter } from '../fhir/errors.ts';
import { didYouMean } from '../fhir/nearest.ts';
import type { FhirRequest } from './context.ts';

/** What any interaction may be given: format and shape of the answer. */
export const GENERAL_PARAMETERS: readonly string[] = ['_format', '_pretty', '_summary', '_elements'];

/**
 * The parameters an interaction takes, by name.
 * @throws FhirError 400 `not-supported` for a parameter that is not known there, 400 `value` for a repeated one.
 */
export function takeParameters<Name extends string>(query: FhirRequest['query'], known: readonly Name[]): Partial<Record<Name, string>> {
  const taken: Partial<Record<string, string>> = {};
  for (const [name, value] of query) {
    if (!GENERAL_PARAMETERS.includes(name) && !(known as readonly string[]).includes(name)) {
      throw unsupportedParameter(
        `The parameter ${name.slice(0, 64)} is not known here${didYouMean(name, [...known, ...GENERAL_PARAMETERS])}`,
        name.slice(0, 64),
      );
    }
    if (taken[name] !== undefined) throw badValue(`The parameter ${name} is given more than once`, name);
    taken[name] = value;
  }
  return taken as Partial<Record<Name, string>>;
}

/**
 * A whole number that is not negative; one that is too large to count with is as large as can be.
 * @throws FhirError 400 `value`.
 */
export function wholeNumber(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw badValue(`${name} is a whole number`, name);
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
}

/** The last value of a general parameter; one without a value says nothing, as in a search. */
export function generalParameter(query: FhirRequest['query'], name: '_format' | '_pretty' | '_summary' | '_elements'): string | undefined {
  return query.findLast(([each]) => each === name)?.[1] || undefined;
}
