/**
 * A journal in the state store: any number of processes on one database, each with batches of its own. What a stopped
 * process left behind is found by any other.
 */
import { randomBytes } from 'node:crypto';
import type { StateEntry, StateStore } from '../store/state-store.ts';
import { commitRow, readRow } from './commit-row.ts';
import { damagedPlaces, placeOf, setAside } from './damaged.ts';
import type { JournalPort, NotedRecord } from './journal.ts';

/** The kind of its rows in the state store. */
export const JOURNAL_KIND = 'audit-journal';
/** A row this old has been left behind: its process would have removed it long ago. */
const LEFT_BEHIND_MS = 120_000;
const ROWS_AT_A_TIME = 500;
/** So that writers do not wait long. */
const ROWS_REMOVED_TOGETHER = 1_000;
/** Between the name of a batch and the number of a row. */
const OF = '/';
/** Of the number of a row, so that rows are in their order as texts. */
const DIGITS = 9;
/** Each row says the name, and no two batches may ever have the same. */
const NAME_BYTES = 9;

export interface TableOptions {
  /** True when no other process has this database: what is not of this one has been left behind, however new. */
  readonly isAlone?: boolean;
}

/** The journal in a state store. */
export function journalInTable(state: StateStore, nowMs: () => number, { isAlone = false }: TableOptions = {}): JournalPort {
  const own = new Set<string>();
  const openBatch = () => {
    const name = randomBytes(NAME_BYTES).toString('base64url');
    own.add(name);
    let rows = 0;
    const idOf = (row: number): string => `${name}${OF}${String(row).padStart(DIGITS, '0')}`;
    const next = (): string => idOf(rows++);
    const remove = async (): Promise<void> => {
      for (let row = 0; row < rows; row += ROWS_REMOVED_TOGETHER) {
        await state.removeRange(JOURNAL_KIND, idOf(row), idOf(row + ROWS_REMOVED_TOGETHER));
      }
      own.delete(name);
    };
    const leave = async (): Promise<void> => void own.delete(name);
    return { next, remove, leave };
  };
  /** When rows were first seen here that do not say how old they are. */
  const seenMs = new Map<string, number>();
  const writtenMs = ({ id, value }: StateEntry): number => {
    if (typeof value.atMs === 'number') return value.atMs;
    const firstMs = seenMs.get(id) ?? nowMs();
    seenMs.set(id, firstMs);
    return firstMs;
  };
  /** What is to be told by this process itself has not been left, however long the store has kept it waiting. */
  const isLeftBehind = (entry: StateEntry): boolean =>
    !own.has(entry.id.split(OF)[0] ?? '') && (isAlone || writtenMs(entry) < nowMs() - LEFT_BEHIND_MS);
  const away = async (damaged: readonly StateEntry[]): Promise<void> => {
    for (const entry of damaged) {
      await setAside(state, entry);
      seenMs.delete(entry.id);
    }
  };
  /** Processes that start at the same time share the rows out; a claim that came to nothing runs out. */
  const claim = ({ id }: StateEntry): Promise<boolean> =>
    state.insertIfAbsent(`${JOURNAL_KIND}-claim`, id, {}, { expiresAtMs: nowMs() + LEFT_BEHIND_MS });
  return {
    open() {
      const { next, ...ends } = openBatch();
      const add = (row: readonly NotedRecord[]): Promise<void> => {
        const records = row.map(({ record }) => record);
        return state.add({ kind: JOURNAL_KIND, id: next(), value: { atMs: nowMs(), records } });
      };
      return { add, ...ends };
    },
    openForCommits() {
      const { next, ...ends } = openBatch();
      return {
        next() {
          const id = next();
          return (records) => ({ kind: JOURNAL_KIND, id, value: commitRow(nowMs(), records) });
        },
        ...ends,
      };
    },
    async leftBehind() {
      const old: StateEntry[] = [];
      for (let afterId = ''; old.length < ROWS_AT_A_TIME; ) {
        const rows = await state.list(JOURNAL_KIND, ROWS_AT_A_TIME, afterId);
        const found = rows.filter(isLeftBehind);
        const claims = isAlone ? found.map(() => true) : await Promise.all(found.map(claim));
        old.push(...found.filter((_, place) => claims[place]));
        if (rows.length < ROWS_AT_A_TIME) break;
        afterId = rows.at(-1)?.id ?? '';
      }
      const read = old.map((entry) => ({ entry, ...readRow(entry.value) }));
      const damaged = read.filter(({ isWhole }) => !isWhole);
      // Nothing in them is to be told first.
      const empty = damaged.filter(({ records }) => records.length === 0);
      await away(empty.map(({ entry }) => entry));
      return {
        records: read.flatMap(({ records }) => records),
        unreadable: damaged.map(({ entry }) => placeOf(entry.id)),
        remove: async () => {
          await Promise.all(read.filter(({ isWhole }) => isWhole).map(({ entry }) => state.remove(JOURNAL_KIND, entry.id)));
          await away(damaged.filter((each) => !empty.includes(each)).map(({ entry }) => entry));
        },
      };
    },
    setAside: () => damagedPlaces({ state }),
  };
}
