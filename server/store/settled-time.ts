/**
 * Times that nobody is passed by. What is written gets its time before it is committed, so that the later of two versions
 * may be seen first; whoever had asked for all that changed after it would never see the other. So readers who follow what
 * changes have a time settled (`ResourceStore.settled`): all of before is committed by then, and nothing is written
 * afterwards with that time or an earlier one.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#history (`_since`)
 */
import type { Clause } from '../search/query.ts';

/** Clocks of one base are no further apart than this. A time that is further ahead is a fault of some clock: nobody waits for it. */
export const CLOCKS_APART_MS = 60_000;

/** The current version is of a time that is settled, or of one by a clock that is far out. */
export function settledClause(settledMs: number): Clause {
  const settled = { bound: 'low', is: '<=', value: settledMs } as const;
  const farOut = { bound: 'low', is: '>', value: settledMs + CLOCKS_APART_MS } as const;
  return { op: 'lastUpdated', test: { kind: 'range', anyOf: [[settled], [farOut]] } };
}
