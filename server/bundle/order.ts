/**
 * The order in which the entries of a transaction are carried out: deletions, creations, updates, reads; among equals
 * as they stand in the Bundle. Creations with a condition come after those without: the outcome is to be the same in
 * whatever order they stand.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#trules
 */
const RANK: Readonly<Record<string, number>> = { DELETE: 0, POST: 1, PUT: 3, PATCH: 3, GET: 4, HEAD: 4 };
const CONDITIONAL_POST = 2;
const LAST = 4;

interface Ordered {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A copy in the order of the transaction rules. */
export function inProcessingOrder<Entry extends Ordered>(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((a, b) => rank(a) - rank(b));
}

function rank({ method, headers }: Ordered): number {
  if (method === 'POST' && headers?.['if-none-exist'] !== undefined) return CONDITIONAL_POST;
  return RANK[method] ?? LAST;
}
