/** How long a search may take, and what is said when it takes longer or asks for too much. */
import { type FhirError, tooCostly } from '../../fhir/errors.ts';

/** 403 `too-costly`, with the bound in seconds. */
export function searchTooLong(timeoutMs: number): FhirError {
  return tooCostly(`This was stopped after ${timeoutMs / 1000} s. Ask for less: fewer steps in a chain, or a more selective condition.`);
}

/** 403 `too-costly`, of what asks for more than the database takes in one statement. */
export function searchTooLarge(): FhirError {
  return tooCostly('This asks for too much at once. Ask for fewer values or parameters.');
}
