/** How long a search may take, and what is said when it takes longer. */
import { type FhirError, tooCostly } from '../../fhir/errors.ts';

/** 403 `too-costly`, with the bound in seconds. */
export function searchTooLong(timeoutMs: number): FhirError {
  return tooCostly(`This was stopped after ${timeoutMs / 1000} s. Ask for less: fewer steps in a chain, or a more selective condition.`);
}
