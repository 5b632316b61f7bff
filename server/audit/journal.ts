/**
 * The journal: accesses that only read are put here, many at a time, before they are answered, and become AuditEvents a
 * moment later. One row holds all that came in while the row before was under way (group commit), so that the price of
 * the log is shared.
 */
import type { StateAddition } from '../store/resource-store.ts';
import type { AccessRecord } from './access-record.ts';
import { AccessTally, tallyOf } from './access-tally.ts';

/** Where a journal keeps its rows. */
export interface JournalPort {
  /** A new, empty batch. */
  open(): JournalRows;
  /** The same for rows that are written in the commits they tell of. */
  openForCommits(): CommitRows;
  /** The rows, or some of them, that processes left behind which are gone; none when there are no more. */
  leftBehind(): Promise<LeftBehind>;
}

export interface JournalRows {
  /** Resolves when the row outlives this process (and the machine, as far as the place promises). @throws FhirError 503 `transient` when it cannot be. */
  add(row: readonly AccessRecord[]): Promise<void>;
  /** Takes all rows away. */
  remove(): Promise<void>;
}

export interface CommitRows {
  /** The next row: what a plan is to add to the state store for some records. */
  next(): (records: readonly AccessRecord[]) => StateAddition;
  /** Takes all rows away. */
  remove(): Promise<void>;
}

/** Records that are safe in the journal, and how to take them out once they stand in the log. */
export interface JournalBatch {
  readonly tally: AccessTally;
  remove(): Promise<void>;
}

/** The same, not yet added up. */
export interface LeftBehind {
  readonly records: readonly AccessRecord[];
  remove(): Promise<void>;
}

interface Waiting {
  readonly records: readonly AccessRecord[];
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

const WRITES_AT_ONCE = 1;

export class Journal {
  readonly #port: JournalPort;
  readonly #underWay = new Set<Promise<void>>();
  #waiting: Waiting[] = [];
  #scheduled = false;
  #rows: JournalRows;
  #tally = new AccessTally();

  constructor(port: JournalPort) {
    this.#port = port;
    this.#rows = port.open();
  }

  /** Resolves when the records outlive this process. @throws FhirError 503 `transient` when they cannot be. */
  put(records: readonly AccessRecord[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0 || this.#underWay.size >= WRITES_AT_ONCE) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#write();
    });
  }

  #write(): void {
    const group = this.#waiting;
    this.#waiting = [];
    const [rows, tally] = [this.#rows, this.#tally];
    const row = group.flatMap((each) => each.records);
    const writing = rows
      .add(row)
      .then(
        () => {
          for (const record of row) tally.add(record);
          for (const each of group) each.resolve();
        },
        (error: unknown) => {
          for (const each of group) each.reject(error);
        },
      )
      .finally(() => {
        this.#underWay.delete(writing);
        this.#schedule();
      });
    this.#underWay.add(writing);
  }

  /** What this process has put since the last call. */
  async take(): Promise<JournalBatch> {
    const [rows, tally] = [this.#rows, this.#tally];
    if (tally.size === 0 && this.#underWay.size === 0) return { tally, remove: async () => undefined };
    [this.#rows, this.#tally] = [this.#port.open(), new AccessTally()];
    await Promise.all(this.#underWay);
    return { tally, remove: () => rows.remove() };
  }

  async leftBehind(): Promise<JournalBatch> {
    const { records, remove } = await this.#port.leftBehind();
    return { tally: tallyOf(records), remove };
  }
}
