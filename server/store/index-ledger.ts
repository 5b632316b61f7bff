/**
 * Which search parameters the index rows of a database are right for, kept in the database itself, so that processes
 * need not be told: each start compares its own parameters with the ledger, and what differs is out of use until
 * `reindex` has been through. Processes with other parameters than those that serve the database already are refused,
 * since neither would find what the other writes.
 */
import { hash } from 'node:crypto';
import type { StateStore } from './state-store.ts';

const LEDGER = 'index-ledger';
const CURRENT = 'current';
/** Migrations look for these as well (sql/migrations.ts). */
const PROCESS = 'index-process';
/** A process that has not been heard of for this long is gone. */
const SILENT_MS = 30_000;
const HEARD_EACH_MS = 10_000;

export interface IndexMembership {
  /** True while the rows of a parameter with this digest are not right yet. */
  isStale(digest: string): boolean;
  /** How many of the own parameters are out of use; looked up anew while there are any. */
  staleCount(): number;
  /** Tells the ledger that all rows have been made by the own parameters. */
  settle(): Promise<void>;
  /** Tells other processes that this one is gone. */
  leave(): Promise<void>;
}

export interface IndexProcess {
  /** Digests of all search parameters this process knows. */
  readonly digests: readonly string[];
  /** Names the process among all that serve the database. */
  readonly id: string;
  readonly nowMs: () => number;
  /** How often it is heard of, and looks whether the index has been made anew; ten seconds when left out. */
  readonly hearEachMs?: number;
}

/**
 * Joins the processes that serve a database. One without a ledger is taken to be right.
 * @throws Error when a process with other search parameters serves it.
 */
export async function joinIndex(
  state: StateStore,
  { digests, id, nowMs, hearEachMs = HEARD_EACH_MS }: IndexProcess,
): Promise<IndexMembership> {
  const own = [...new Set(digests)].sort();
  const text = own.join(' ');
  const version = hash('sha256', text);
  const announce = (): Promise<void> => state.put(PROCESS, id, { version }, { expiresAtMs: nowMs() + SILENT_MS });
  await announce();
  const others = await state.list(PROCESS, 1_000);
  if (others.some(({ value }) => value.version !== version)) {
    await state.remove(PROCESS, id);
    throw new Error(
      'The database is served by another version, with other search parameters. Stop that one first (one that has crashed is forgotten after half a minute).',
    );
  }
  await state.insertIfAbsent(LEDGER, CURRENT, { right: text });
  const right = async (): Promise<ReadonlySet<string>> => new Set(String((await state.get(LEDGER, CURRENT))?.value.right).split(' '));
  const before = await right();
  let stale = new Set(own.filter((digest) => !before.has(digest)));
  // From now on rows are written by other definitions for what only the earlier version knew.
  if ([...before].some((digest) => !own.includes(digest))) {
    await state.put(LEDGER, CURRENT, { right: own.filter((digest) => before.has(digest)).join(' ') });
  }
  const hear = async (): Promise<void> => {
    await announce();
    if (stale.size === 0) return;
    const now = await right();
    stale = new Set(own.filter((digest) => !now.has(digest)));
  };
  let hearing: Promise<void> | undefined;
  const timer = setInterval(() => {
    hearing ??= hear()
      .catch(() => undefined)
      .finally(() => {
        hearing = undefined;
      });
  }, hearEachMs).unref();
  return {
    isStale: (digest) => stale.has(digest),
    staleCount: () => stale.size,
    settle: async () => {
      await state.put(LEDGER, CURRENT, { right: text });
      stale = new Set();
    },
    leave: async () => {
      clearInterval(timer);
      // What is under way would announce this process again.
      await hearing;
      await state.remove(PROCESS, id);
    },
  };
}
