/**
 * Events of the access log in the order of the seals over them, each seal after its events: what a file needs so that it
 * can be verified line by line. Two streams in the order of time are joined, so that a log of any length fits in memory.
 */
import type { Clause, SortKey } from '../../search/query.ts';
import type { ResourceStore, SearchMatch } from '../../store/resource-store.ts';
import { fingerprint } from '../audit-event.ts';
import { IS_SEAL, readSeal } from '../seal.ts';
import { aboutPatient, recorded } from '../telling/read-visits.ts';
import type { SealHead } from '../verify.ts';

const PAGE = 500;
const OLDEST_FIRST: readonly SortKey[] = [{ by: 'lastUpdated', descending: false }];
/** How far the clocks of the processes that write a log may be apart. */
const SLACK_MS = 60_000;

/** Which events are wanted; nothing said: all. */
export interface ExportScope {
  readonly patientId?: string;
  /** When they were recorded; ms since 1970 UTC, both inclusive. */
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** Events under one seal, and the seal; without one they are not sealed yet. */
export interface SealedGroup {
  readonly events: readonly SearchMatch[];
  readonly seal?: SealHead & { readonly json: string };
}

/** The events, in groups of at most a few hundred. Seals that name none of them are left out. */
export async function* sealedEvents(store: ResourceStore, scope: ExportScope): AsyncGenerator<SealedGroup> {
  const wanted: Clause[] = [
    { op: 'not', clause: IS_SEAL },
    ...(scope.patientId === undefined ? [] : [aboutPatient(scope.patientId)]),
    ...recorded(scope),
  ];
  const events = inTime(store, { op: 'and', clauses: wanted });
  const waiting = new Map<string, SearchMatch>();
  let next = await events.next();
  if (next.done === true) return;
  for await (const seal of inTime(store, { op: 'and', clauses: [IS_SEAL, since(next.value.lastUpdatedMs - SLACK_MS)] })) {
    while (next.done !== true && next.value.lastUpdatedMs <= seal.lastUpdatedMs + SLACK_MS) {
      waiting.set(next.value.id, next.value);
      next = await events.next();
    }
    const named = readSeal(seal.id, seal.json);
    const group = named.events.flatMap(({ id }) => waiting.get(id) ?? []);
    for (const { id } of group) waiting.delete(id);
    if (group.length > 0) yield { events: group, seal: { number: named.number, fingerprint: fingerprint(seal.json), json: seal.json } };
    if (next.done === true && waiting.size === 0) return;
  }
  for (; next.done !== true; next = await events.next()) waiting.set(next.value.id, next.value);
  if (waiting.size > 0) yield { events: [...waiting.values()] };
}

/** AuditEvents for which the clause holds, in the order in which they were written. */
async function* inTime(store: ResourceStore, where: Clause): AsyncGenerator<SearchMatch, undefined> {
  let after: SearchMatch['position'] | undefined;
  for (;;) {
    const from = after === undefined ? {} : { after };
    const page = await store.search({ types: ['AuditEvent'], where, sort: OLDEST_FIRST, limit: PAGE, total: 'none', ...from });
    yield* page.matches;
    after = page.matches.at(-1)?.position;
    if (!page.more || after === undefined) return;
  }
}

function since(ms: number): Clause {
  return { op: 'lastUpdated', test: { kind: 'range', anyOf: [[{ bound: 'low', is: '>=', value: ms }]] } };
}
