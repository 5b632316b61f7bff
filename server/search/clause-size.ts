/**
 * How much a search asks at once: databases refuse, or take very long over, expressions without bounds.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#errors
 */
import { tooCostly } from '../fhir/errors.ts';
import type { Clause } from './query.ts';

/** Tests that one search may put together; a list of ids or of codes with their system is one. */
const TESTS_MAX = 400;

/**
 * Refuses a clause of more tests than a store should run.
 * @throws FhirError 403 `too-costly`.
 */
export function checkSize(clause: Clause): void {
  if (sizeOf(clause) > TESTS_MAX)
    throw tooCostly(`The search puts more than ${TESTS_MAX} conditions together; ask for fewer values at a time`);
}

function sizeOf(clause: Clause): number {
  switch (clause.op) {
    case 'and':
    case 'or':
      return clause.clauses.reduce((sum, part) => sum + sizeOf(part), 0);
    case 'not':
      return sizeOf(clause.clause);
    case 'chain':
    case 'referencedBy':
    case 'contains':
      return 1 + sizeOf(clause.where);
    case 'match':
      // Looked at only beside the URL itself (see canonical.ts).
      return clause.test.kind === 'reference' && clause.test.versionOf !== undefined ? 0 : 1;
    default:
      return 1;
  }
}
