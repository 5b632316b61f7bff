/**
 * Pages of the access log of one patient, newest first, gathered into visits.
 *
 * A page ends before the access that would begin one visit more than asked for. The next begins just there, so no access
 * is told twice or left out; a visit that is under way across the border is told in two parts.
 */
import type { Clause, CursorPosition, SortKey } from '../../search/query.ts';
import type { ResourceStore } from '../../store/resource-store.ts';
import { readAccess } from './noted-access.ts';
import { type Visit, Visits } from './visits.ts';

const NEWEST_FIRST: readonly SortKey[] = [{ by: 'param', param: 'date', kind: 'range', descending: true }];
/** A request that could not be understood showed nothing of anyone, and nobody was kept out. */
const NO_MISTAKE: Clause = { op: 'not', clause: { op: 'match', param: 'outcome', test: { kind: 'token', code: '4' } } };
const EVENTS_AT_ONCE = 200;
/** So that somebody who reads all day does not make a page endless. */
const EVENTS_AT_MOST = 2000;

export interface VisitsAsked {
  readonly patientId: string;
  /** What of the log the caller reaches. */
  readonly within: Clause;
  /** When it was recorded; ms since 1970 UTC, both inclusive. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** The most visits to give. */
  readonly count: number;
  readonly after?: CursorPosition;
}

export interface VisitsPage {
  readonly visits: readonly Visit[];
  /** Where the next page begins; absent when there is none. */
  readonly next?: CursorPosition;
}

/** A page of visits with the data of the patient. */
export async function readVisits(store: ResourceStore, asked: VisitsAsked): Promise<VisitsPage> {
  const visits = new Visits();
  let last = asked.after;
  let read = 0;
  for (;;) {
    const page = await store.search({
      types: ['AuditEvent'],
      where: { op: 'and', clauses: [aboutPatient(asked.patientId), asked.within, NO_MISTAKE, ...recorded(asked)] },
      sort: NEWEST_FIRST,
      limit: EVENTS_AT_ONCE,
      total: 'none',
      ...(last === undefined ? {} : { after: last }),
    });
    for (const { json, position } of page.matches) {
      const access = readAccess(json);
      const isFull = read >= EVENTS_AT_MOST || (visits.count >= asked.count && !visits.continues(access));
      if (isFull && last !== undefined) return { visits: visits.list(), next: last };
      visits.add(access);
      last = position;
      read += 1;
    }
    if (!page.more) return { visits: visits.list() };
  }
}

/** Events that name the patient as whose data it was: not those in which they were the user only. */
export function aboutPatient(patientId: string): Clause {
  return { op: 'match', param: 'entity', test: { kind: 'reference', type: 'Patient', id: patientId } };
}

/** Events recorded within these bounds. */
export function recorded({ fromMs, toMs }: Pick<VisitsAsked, 'fromMs' | 'toMs'>): readonly Clause[] {
  const bounds = [
    ...(fromMs === undefined ? [] : [{ bound: 'low', is: '>=', value: fromMs } as const]),
    ...(toMs === undefined ? [] : [{ bound: 'high', is: '<=', value: toMs } as const]),
  ];
  return bounds.length === 0 ? [] : [{ op: 'match', param: 'date', test: { kind: 'range', anyOf: [bounds] } }];
}
