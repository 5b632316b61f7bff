/**
 * A journal in the state store: any number of processes on one database, each with batches of its own. What a stopped
 * process left behind is found by any other.
 */
import { randomUUID } from 'node:crypto';
import type { StateEntry, StateStore } from '../store/state-store.ts';
import type { AccessRecord } from './access-record.ts';
import { tallyOf } from './access-tally.ts';
import type { JournalPort } from './journal.ts';

const KIND = 'audit-journal';
/** A row this old has been left behind: its process would have removed it long ago. */
const LEFT_BEHIND_MS = 120_000;
const ROWS_AT_A_TIME = 500;

/** The journal in a state store. */
export function journalInTable(state: StateStore, nowMs: () => number): JournalPort {
  return {
    open() {
      const group = `${KIND}-${randomUUID()}`;
      let rows = 0;
      return {
        add: (records) => state.put(KIND, `${group}-${++rows}`, { atMs: nowMs(), records }, { group }),
        remove: async () => void (await state.removeGroup(group, KIND)),
      };
    },
    async leftBehind() {
      const rows = await state.list(KIND, ROWS_AT_A_TIME);
      const old: StateEntry[] = [];
      // Processes that start at the same time share the rows out; a claim that came to nothing runs out.
      const claim = { expiresAtMs: nowMs() + LEFT_BEHIND_MS };
      for (const row of rows) {
        const isOld = Number(row.value.atMs) < nowMs() - LEFT_BEHIND_MS;
        if (isOld && (await state.insertIfAbsent(`${KIND}-claim`, row.id, {}, claim))) old.push(row);
      }
      return {
        tally: tallyOf(old.flatMap(({ value }) => value.records as readonly AccessRecord[])),
        remove: async () => {
          for (const { id } of old) await state.remove(KIND, id);
        },
      };
    },
  };
}
