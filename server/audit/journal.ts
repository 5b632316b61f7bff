/**
 * The journal: accesses that only read are put here, many at a time, before they are answered, and become AuditEvents a
 * moment later. One row holds all that came in while the row before was under way (group commit), so that the price of
 * the log is shared.
 */
import type { StateAddition } from '../store/resource-store.ts';
import type { AccessRecord } from './access-record.ts';
import { type AccessGroup, AccessTally, type CountedAccess, type ShownAlone, tallyOf, type VersionKey } from './access-tally.ts';

/** Where a journal keeps its rows. */
export interface JournalPort {
  /** A new, empty batch. */
  open(): JournalRows;
  /** The same for rows that are written in the commits they tell of. */
  openForCommits(): CommitRows;
  /** The rows, or some of them, that processes left behind which are gone; none when there are no more. */
  leftBehind(): Promise<LeftBehind>;
  /** Where something lies that could not be read. */
  setAside(): Promise<readonly string[]>;
}

export interface JournalRows {
  /**
   * Writes a row down, so that it outlives this process (and the machine, as far as the place promises).
   * @returns a promise of that, or nothing when it is done already. @throws FhirError 503 `transient` when it cannot be.
   */
  add(row: readonly NotedRecord[]): Promise<void> | undefined;
  /** Takes all rows away. */
  remove(): Promise<void>;
  /** Leaves all rows to whoever looks for what was left behind. */
  leave(): Promise<void>;
}

/** A record with the number that all records of the batch share which say the same but for time, request and number shown. */
export interface NotedRecord {
  readonly record: AccessRecord;
  readonly access: Pick<CountedAccess, 'number' | 'requestIds'>;
}

export interface CommitRows {
  /** The next row: what a plan is to add to the state store for some records. */
  next(): (records: readonly AccessRecord[]) => StateAddition;
  /** Takes all rows away. */
  remove(): Promise<void>;
  /** Leaves all rows to whoever looks for what was left behind. */
  leave(): Promise<void>;
}

/** Accesses that were added up. */
export interface Tally {
  /** How many there were; none, and nothing is told. */
  readonly size: number;
  /** What is to become an event each. */
  groups(): Iterable<AccessGroup>;
}

/** Records that are safe in the journal, and how to take them out once they stand in the log. */
export interface JournalBatch {
  readonly tally: Tally;
  remove(): Promise<void>;
  /** Instead: they could not be brought into the log, and are for whoever looks for what was left behind. */
  leave(): Promise<void>;
}

/** A batch without anything to tell. */
export const NOTHING = { remove: async () => undefined, leave: async () => undefined };

/** The same of an earlier process, not yet added up; looked for again until it is removed. */
export interface LeftBehind {
  readonly records: readonly AccessRecord[];
  /** Where something was left that cannot be read; it is kept there for people to look at. */
  readonly unreadable?: readonly string[];
  remove(): Promise<void>;
}

/** The records that go into the next row, and what their askers wait for. */
interface Gathering {
  readonly records: AccessRecord[];
  readonly done: PromiseWithResolvers<void>;
}

/** Written at once: whoever waits for the others of the same turn would be answered later than need be. */
const FULL_ROW = 8;
/** So many records in a row say that many ask at once. */
const MANY = 4;

export class Journal {
  readonly #port: JournalPort;
  #next: Gathering | undefined;
  /** The row that is being written: one at a time. */
  #writing: Promise<void> | undefined;
  #isScheduled = false;
  /** How many records the row before held. */
  #lastRow = 0;
  /** Something could not be written: the next batch is to begin anew. */
  #hasFailed = false;
  #rows: JournalRows;
  #tally = new AccessTally();

  constructor(port: JournalPort) {
    this.#port = port;
    this.#rows = port.open();
  }

  /** How many different accesses wait to be taken. */
  get accesses(): number {
    return this.#tally.accesses;
  }

  /** What was told when this version was shown alone, since the journal was taken; undefined when it was not. */
  shownAlone(version: VersionKey): ShownAlone | undefined {
    return this.#tally.shownAlone(version);
  }

  /** Resolves when the records outlive this process. @throws FhirError 503 `transient` when they cannot be. */
  put(records: readonly AccessRecord[]): Promise<void> {
    this.#next ??= { records: [], done: Promise.withResolvers() };
    const { records: gathered, done } = this.#next;
    gathered.push(...records);
    if (gathered.length >= FULL_ROW && this.#writing === undefined) this.#start();
    else this.#schedule();
    return done.promise;
  }

  #schedule(): void {
    if (this.#isScheduled || this.#next === undefined || this.#writing !== undefined) return;
    this.#isScheduled = true;
    setImmediate(() => {
      // Where many ask at once, one alone has most often come just before the others.
      if (this.#next?.records.length === 1 && this.#lastRow >= MANY) setImmediate(() => this.#writeScheduled());
      else this.#writeScheduled();
    });
  }

  #writeScheduled(): void {
    this.#isScheduled = false;
    if (this.#next !== undefined && this.#writing === undefined) this.#start();
  }

  /** Writes what has gathered; those who wait are told what came of it. */
  #start(): void {
    const { records, done } = this.#next!;
    this.#next = undefined;
    this.#lastRow = records.length;
    const [rows, tally] = [this.#rows, this.#tally];
    const row = records.map((record) => ({ record, access: tally.accessOf(record) }));
    const written = (): void => {
      for (const { record, access } of row) tally.count(access, record);
      done.resolve();
    };
    const refused = (error: unknown): void => {
      this.#hasFailed = true;
      done.reject(error);
    };
    let writing: Promise<void> | undefined;
    try {
      writing = rows.add(row);
    } catch (error) {
      refused(error);
      return;
    }
    if (writing === undefined) written();
    else this.#follow(writing.then(written, refused));
  }

  #follow(writing: Promise<void>): void {
    this.#writing = writing.finally(() => {
      this.#writing = undefined;
      this.#schedule();
    });
  }

  /** What this process has put since the last call. */
  async take(): Promise<JournalBatch> {
    const [rows, tally] = [this.#rows, this.#tally];
    if (tally.size === 0 && this.#writing === undefined && !this.#hasFailed) return { tally, ...NOTHING };
    this.#hasFailed = false;
    [this.#rows, this.#tally] = [this.#port.open(), new AccessTally()];
    await this.#writing;
    return { tally, remove: () => rows.remove(), leave: () => rows.leave() };
  }

  async leftBehind(): Promise<Omit<JournalBatch, 'leave'> & Pick<Required<LeftBehind>, 'unreadable'>> {
    const { records, unreadable = [], remove } = await this.#port.leftBehind();
    return { tally: tallyOf(records), unreadable, remove };
  }
}
