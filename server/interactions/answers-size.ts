/**
 * How much one response Bundle may hold: an entry of a line can ask for megabytes, and there may be thousands.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#transaction-response
 */
import { tooCostly } from '../fhir/errors.ts';
import type { JsonText } from '../search/searchset.ts';
import type { FhirResponse } from './context.ts';

/** Characters of all answers together, or bytes where they are at hand. */
const ANSWERS_MAX = 64 * 1024 * 1024;

export class AnswersSize {
  #size = 0;

  /** Passes while there is room for another answer. @throws FhirError 403 `too-costly`. */
  check(): void {
    if (this.#size <= ANSWERS_MAX) return;
    throw tooCostly(`The answers to the entries come to more than ${ANSWERS_MAX} characters: ask for fewer at a time`);
  }

  /** The same answer, counted. */
  add(response: FhirResponse): FhirResponse {
    const { body } = response;
    if (body === undefined || !('text' in body)) return response;
    const { parts } = body as JsonText;
    this.#size += parts === undefined ? (body as JsonText).text.length : parts.reduce((sum, part) => sum + part.length, 0);
    return response;
  }
}
