/**
 * The wish for an answer in the background.
 *
 * Spec: https://hl7.org/fhir/R4/async.html · RFC 7240 section 4.1
 */
import type { FhirRequest } from '../../interactions/context.ts';

/** True for `Prefer: respond-async`, alone or among other wishes; the case of a wish does not count. */
export function asksForBackground({ headers }: FhirRequest): boolean {
  return (headers.prefer ?? '').split(/[,;]/).some((wish) => wish.trim().toLowerCase() === 'respond-async');
}
