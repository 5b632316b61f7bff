/**
 * What the patches of one request may cost together: a patch of a few lines can copy without end or look for very long,
 * and nothing else is answered meanwhile.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#patch · https://www.rfc-editor.org/rfc/rfc6902#section-7
 */
import { DeadlinePassed, withinMs } from '../fhir/deadline.ts';
import { FhirError } from '../fhir/errors.ts';

/** Values that may be copied and compared. */
const VALUES_MAX = 500_000;

/** How long one path of a FHIRPath Patch may take to evaluate, and all of them. */
const PATH_LIMIT_MS = 500;
const PATHS_LIMIT_MS = 5000;

export class PatchBudget {
  #values = VALUES_MAX;
  #leftMs = PATHS_LIMIT_MS;

  /** Counts a value that is copied or compared. @throws FhirError 422 `too-costly` when there have been too many. */
  countValue(at: string): void {
    this.#values -= 1;
    if (this.#values < 0) throw tooCostly('The patch copies or compares more than is done at once', at);
  }

  /** What `evaluate` gives. @throws FhirError 422 `too-costly` when it, or all so far, take too long; and what it throws. */
  withinTime<T>(at: string, evaluate: () => T): T {
    const startedMs = performance.now();
    try {
      if (this.#leftMs < 1) throw new DeadlinePassed(PATHS_LIMIT_MS);
      return withinMs(Math.min(PATH_LIMIT_MS, Math.ceil(this.#leftMs)), evaluate);
    } catch (error) {
      throw error instanceof DeadlinePassed ? tooCostly('The path takes too long to evaluate', at) : error;
    } finally {
      this.#leftMs -= performance.now() - startedMs;
    }
  }
}

function tooCostly(diagnostics: string, at: string): FhirError {
  return new FhirError(422, [{ severity: 'error', code: 'too-costly', diagnostics, expression: [at] }]);
}
