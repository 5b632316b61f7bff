/** Which time is settled (see settled-time.ts), and what is written after it: what both databases have in common. */
import { CLOCKS_APART_MS } from '../settled-time.ts';
import type { SqlWriter } from './dialect.ts';
import type { Steps } from './steps.ts';

/** As many of the versions written last are looked at for times that are ahead of this clock. */
const LATEST_OF = 100;

/** Gives the times that are written as lastUpdated. */
export class WriteTimes {
  readonly #nowMs: () => number;
  #settledMs = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** The time to write now: after all that is known to be settled. */
  next(): number {
    const now = this.#nowMs();
    return this.#settledMs >= now && this.#settledMs <= now + CLOCKS_APART_MS ? this.#settledMs + 1 : now;
  }

  /** To be told of a time that is settled. */
  learn(settledMs: number): void {
    const isWrong = this.#settledMs > this.#nowMs() + CLOCKS_APART_MS;
    if (isWrong || settledMs > this.#settledMs) this.#settledMs = settledMs;
  }

  /** The time to settle now: no earlier than `latestMs`, the latest that is written. */
  toSettle(latestMs: number): number {
    const now = this.#nowMs();
    return latestMs > now && latestMs <= now + CLOCKS_APART_MS ? latestMs : now;
  }
}

/** The latest time among the versions written last; 0 when there are none. */
export function* latestSteps(): Steps<number> {
  const last = `SELECT v.updated AS updated FROM version v ORDER BY v.seq DESC LIMIT ${LATEST_OF}`;
  const [row] = yield { sql: `SELECT max(l.updated) AS latest FROM (${last}) l`, values: [] };
  return Number(row?.latest ?? 0);
}

/** The version is of a time that is settled, or of one by a clock that is far out. */
export function isSettled(sql: SqlWriter, column: string, settledMs: number): string {
  return `(${column} <= ${sql.bind(settledMs)} OR ${column} > ${sql.bind(settledMs + CLOCKS_APART_MS)})`;
}
