/**
 * Accesses as people think of them: what the same caller did, in the same way and for the same purpose, without a pause
 * of twenty minutes is one visit. A screen that reads ten types is then one line, and so is an app that stays open: it
 * renews its token every quarter of an hour.
 */
import type { Deed, NotedAccess } from './noted-access.ts';

const PAUSE_MS = 1_200_000;

/** Several accesses told as one; its deeds stand once each, in the order they were first done. */
export type Visit = NotedAccess;

/** How strongly an action touches data: the strongest stands for the visit. */
const STRENGTH = ['E', 'R', 'C', 'U', 'D'];

/** Gathers accesses, given newest first, into visits, newest first. */
export class Visits {
  readonly #visits: NotedAccess[] = [];
  readonly #latest = new Map<string, number>();

  /** How many there are. */
  get count(): number {
    return this.#visits.length;
  }

  /** True when the access is part of a visit that is there. */
  continues(access: NotedAccess): boolean {
    return this.#visitOf(access) !== undefined;
  }

  add(access: NotedAccess): void {
    const at = this.#visitOf(access);
    if (at !== undefined) {
      this.#visits[at] = joined(this.#visits[at]!, access);
      return;
    }
    this.#latest.set(callerKey(access), this.#visits.length);
    this.#visits.push(access);
  }

  list(): readonly Visit[] {
    return this.#visits.map((visit) => ({ ...visit, deeds: once(visit.deeds) }));
  }

  #visitOf(access: NotedAccess): number | undefined {
    const at = this.#latest.get(callerKey(access));
    return at !== undefined && this.#visits[at]!.startMs - access.endMs <= PAUSE_MS ? at : undefined;
  }
}

function callerKey({ user, clientId, organizationNumber, purpose, outcome }: NotedAccess): string {
  return [user, clientId, organizationNumber, purpose, outcome === '0' || outcome].join('\n');
}

/** The newer of the two gives the visit its id. */
function joined(newer: NotedAccess, older: NotedAccess): NotedAccess {
  const stronger = STRENGTH.indexOf(older.action) > STRENGTH.indexOf(newer.action);
  return {
    ...older,
    ...newer,
    action: stronger ? older.action : newer.action,
    startMs: Math.min(newer.startMs, older.startMs),
    endMs: Math.max(newer.endMs, older.endMs),
    deeds: [...older.deeds, ...newer.deeds],
  };
}

function once(deeds: readonly Deed[]): readonly Deed[] {
  return [...new Map(deeds.map((deed) => [`${deed.interaction} ${deed.type}`, deed])).values()];
}
