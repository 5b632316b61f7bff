/**
 * Says in the state store while a process makes AuditEvents of its journal. Whoever copies both, as a backup does, takes
 * a moment at which nobody is at it: then each access stands in the journal or in the log, and never in both.
 */
import { randomUUID } from 'node:crypto';
import type { StateStore } from '../store/state-store.ts';

const KIND = 'audit-telling';
/** A process that has ended in the middle of it is not at it any more. */
const UNDER_WAY_MS = 60_000;
/** Much longer than anybody looks for a moment between two tellings. */
const KEPT_MS = 600_000;
const PROCESSES_AT_MOST = 10_000;

/** Runs work that brings journal rows into the log and takes them away. */
export type Telling = (work: () => Promise<void>) => Promise<void>;

/** What is known of all processes of the database. */
export interface TellingMarks {
  readonly isUnderWay: boolean;
  /** The same text twice: nobody has told anything in between. */
  readonly text: string;
}

/**
 * The mark of one process, which does one such work at a time.
 * @throws (the work it gives) what `work` throws; FhirError 503 `transient`, before it begins, when the mark cannot be left.
 */
export function telling(state: StateStore, nowMs: () => number): Telling {
  const process = randomUUID();
  let turn = 0;
  const mark = (isUnderWay: boolean): Promise<void> =>
    state.put(KIND, process, { turn, isUnderWay }, { expiresAtMs: nowMs() + (isUnderWay ? UNDER_WAY_MS : KEPT_MS) });
  return async (work) => {
    turn += 1;
    await mark(true);
    try {
      await work();
    } finally {
      // One that stays says for a minute that it may be under way.
      await mark(false).catch(() => undefined);
    }
  };
}

/** The marks that stand now. @throws FhirError 503 `transient` when the store is out of reach. */
export async function tellingMarks(state: StateStore): Promise<TellingMarks> {
  const marks = await state.list(KIND, PROCESSES_AT_MOST);
  return {
    isUnderWay: marks.some(({ value }) => value.isUnderWay === true),
    text: JSON.stringify(marks.map(({ id, value }) => [id, value.turn, value.isUnderWay])),
  };
}
