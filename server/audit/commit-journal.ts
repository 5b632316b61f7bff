/**
 * The journal of writes: each commit brings one compact row of what it wrote for whom, and no more. The AuditEvents are
 * made of it a moment later, many at a time: made in the commit itself, they cost it as much as what they tell of.
 */
import { FhirError } from '../fhir/errors.ts';
import type { Found, ResourceStore, ResourceWrite, TransactionPlan } from '../store/resource-store.ts';
import { type CommitRows, type JournalBatch, type JournalPort, NOTHING } from './journal.ts';
import { type WriteRecord, WriteTally } from './write-tally.ts';

export class CommitJournal {
  readonly #port: JournalPort;
  readonly #underWay = new Set<Promise<unknown>>();
  #rows: CommitRows;
  #tally = new WriteTally();
  /** The tallies that lack records of commits which may have been carried out. */
  readonly #doubtful = new WeakSet<WriteTally>();

  constructor(port: JournalPort) {
    this.#port = port;
    this.#rows = port.openForCommits();
  }

  /** How many accesses wait to be taken. */
  get accesses(): number {
    return this.#tally.size;
  }

  /** How many events they become at least. */
  get events(): number {
    return this.#tally.events;
  }

  /**
   * Runs the plan, with the row of what `recordsOf` tells of its writes in the same commit.
   * @returns the plan's result and how many records there were. @throws FhirError as the plan and the store say.
   */
  async transact<Result>(
    store: ResourceStore,
    plan: TransactionPlan<Result>,
    recordsOf: (writes: readonly ResourceWrite[], found: Found) => readonly WriteRecord[],
  ): Promise<{ readonly result: Result; readonly count: number }> {
    const tally = this.#tally;
    const row = this.#rows.next();
    let records: readonly WriteRecord[] = [];
    const running = store.transact<Result>({
      lookups: plan.lookups,
      build(found) {
        records = [];
        const decided = plan.build(found);
        records = decided.writes.length === 0 ? [] : recordsOf(decided.writes, found);
        return records.length === 0 ? decided : { ...decided, state: [...(decided.state ?? []), row(records)] };
      },
    });
    this.#underWay.add(running);
    try {
      const result = await running;
      for (const record of records) tally.add(record);
      return { result, count: records.length };
    } catch (error) {
      // Nobody may have been told, but what is committed has been done, and its row is there.
      if (records.length > 0 && isOutage(error)) this.#doubtful.add(tally);
      throw error;
    } finally {
      this.#underWay.delete(running);
    }
  }

  /**
   * What this process has written since the last call; waits for what is under way. A batch of which it is not known what
   * has been written is left behind: its rows say it.
   */
  async take(): Promise<JournalBatch> {
    const [rows, tally] = [this.#rows, this.#tally];
    if (tally.size === 0 && this.#underWay.size === 0 && !this.#doubtful.has(tally)) return { tally, ...NOTHING };
    [this.#rows, this.#tally] = [this.#port.openForCommits(), new WriteTally()];
    await Promise.allSettled(this.#underWay);
    if (!this.#doubtful.has(tally)) return { tally, remove: () => rows.remove(), leave: () => rows.leave() };
    await rows.leave();
    return { tally: new WriteTally(), ...NOTHING };
  }
}

/** True when what was to be committed may have been. */
function isOutage(error: unknown): boolean {
  return error instanceof FhirError && error.status === 503;
}
