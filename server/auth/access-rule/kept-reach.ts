/**
 * What callers reach, kept from one request to the next. Exact all the same: it is found out anew after every write that
 * decides it (a number that such writes raise), and in every new second, since periods, birthdays and the like begin and
 * end on whole seconds at the finest. Only where one process alone writes the database; emergency access is never kept.
 */
import type { Principal } from '../principal.ts';
import type { Reach } from './reach.ts';

const CALLERS_AT_MOST = 1000;

interface Kept {
  readonly reach: Promise<Reach>;
  readonly revision: number;
  readonly second: number;
}

/** Gives the reach of a principal, found out by `find` when what is kept does not hold any more. */
export function keptReach(
  find: (principal: Principal) => Promise<Reach>,
  nowMs: () => number,
): (principal: Principal, revision: number) => Promise<Reach> {
  const kept = new Map<string, Kept>();
  return (principal, revision) => {
    if (principal.purposeOfUse === 'BTG') return find(principal);
    // All that the rule reads of a principal.
    const { fhirUser, organizationNumber, scopesAlone } = principal;
    const caller = JSON.stringify([fhirUser, organizationNumber, scopesAlone]);
    const second = Math.floor(nowMs() / 1000);
    const known = kept.get(caller);
    if (known?.revision === revision && known.second === second) return known.reach;
    const reach = find(principal);
    kept.delete(caller);
    if (kept.size >= CALLERS_AT_MOST) kept.delete(kept.keys().next().value!);
    kept.set(caller, { reach, revision, second });
    // What could not be found out is asked again.
    reach.catch(() => kept.delete(caller));
    return reach;
  };
}
