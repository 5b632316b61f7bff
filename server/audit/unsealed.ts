/**
 * AuditEvents that no seal names: those of a process that stopped between a commit and the seal over it.
 */
import { setImmediate } from 'node:timers/promises';
import type { Clause } from '../search/query.ts';
import type { ResourceStore, SearchMatch } from '../store/resource-store.ts';
import { fingerprint } from './audit-event.ts';
import { IS_SEAL, latestSeal, readSeal, type Sealed } from './seal.ts';

const PAGE = 500;
/** Younger ones are being sealed by the process that wrote them. */
const SETTLED_AFTER_MS = 120_000;
/** How far before the newest seal events may have been left behind. */
const LOOK_BACK_MS = 600_000;

/** All AuditEvents for which the clause holds, in the order of writing, in which an index holds them, however many there are. */
export async function* eachEvent(store: ResourceStore, where: Clause): AsyncGenerator<SearchMatch> {
  const sort = [{ by: 'lastUpdated', descending: false }] as const;
  const query = { types: ['AuditEvent'], where, sort, limit: PAGE, total: 'none' } as const;
  let after: SearchMatch['position'] | undefined;
  for (;;) {
    const page = await store.search({ ...query, ...(after === undefined ? {} : { after }) });
    yield* page.matches;
    after = page.matches.at(-1)?.position;
    if (!page.more || after === undefined) return;
    // Others are let in between two pages.
    await setImmediate();
  }
}

/** Those left behind since shortly before the newest seal, besides the ones that are about to be sealed. */
export async function unsealedEvents(store: ResourceStore, nowMs: number, waiting: readonly Sealed[]): Promise<readonly Sealed[]> {
  const newest = await latestSeal(store);
  const sinceMs = newest === undefined ? 0 : newest.lastUpdatedMs - LOOK_BACK_MS;
  const known = new Set(waiting.map((event) => event.id));
  for await (const { id, json } of eachEvent(store, { op: 'and', clauses: [IS_SEAL, changed('>=', sinceMs)] })) {
    for (const event of readSeal(id, json).events) known.add(event.id);
  }
  const settled: Clause[] = [{ op: 'not', clause: IS_SEAL }, changed('>=', sinceMs), changed('<', nowMs - SETTLED_AFTER_MS)];
  const found: Sealed[] = [];
  for await (const { id, json } of eachEvent(store, { op: 'and', clauses: settled })) {
    if (!known.has(id)) found.push({ id, fingerprint: fingerprint(json) });
  }
  return found;
}

function changed(is: '>=' | '<', value: number): Clause {
  return { op: 'lastUpdated', test: { kind: 'range', anyOf: [[{ bound: 'low', is, value }]] } };
}
