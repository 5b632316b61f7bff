/**
 * The order in which the entries of a transaction are carried out: deletions, creations, updates, reads; among equals
 * as they stand in the Bundle.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#trules
 */
const RANK: Readonly<Record<string, number>> = { DELETE: 0, POST: 1, PUT: 2, PATCH: 2, GET: 3, HEAD: 3 };

/** A copy in the order of the transaction rules. */
export function inProcessingOrder<Entry extends { readonly method: string }>(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((a, b) => rank(a) - rank(b));
}

function rank({ method }: { readonly method: string }): number {
  return RANK[method] ?? 3;
}
