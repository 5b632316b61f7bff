/**
 * The journal of writes: each commit brings one compact row of what it wrote for whom, and no more. The AuditEvents are
 * made of it a moment later, many at a time: made in the commit itself, they cost it as much as what they tell of.
 */
import type { Found, ResourceStore, ResourceWrite, TransactionPlan } from '../store/resource-store.ts';
import type { AccessRecord } from './access-record.ts';
import { AccessTally } from './access-tally.ts';
import type { CommitRows, JournalBatch, JournalPort } from './journal.ts';

export class CommitJournal {
  readonly #port: JournalPort;
  readonly #underWay = new Set<Promise<unknown>>();
  #rows: CommitRows;
  #tally = new AccessTally();

  constructor(port: JournalPort) {
    this.#port = port;
    this.#rows = port.openForCommits();
  }

  /**
   * Runs the plan, with the row of what `recordsOf` tells of its writes in the same commit.
   * @returns the plan's result and how many records there were. @throws FhirError as the plan and the store say.
   */
  async transact<Result>(
    store: ResourceStore,
    plan: TransactionPlan<Result>,
    recordsOf: (writes: readonly ResourceWrite[], found: Found) => readonly AccessRecord[],
  ): Promise<{ readonly result: Result; readonly count: number }> {
    const tally = this.#tally;
    const row = this.#rows.next();
    let records: readonly AccessRecord[] = [];
    const running = store.transact<Result>({
      lookups: plan.lookups,
      build(found) {
        const decided = plan.build(found);
        records = decided.writes.length === 0 ? [] : recordsOf(decided.writes, found);
        return records.length === 0 ? decided : { ...decided, state: [...(decided.state ?? []), row(records)] };
      },
    });
    this.#underWay.add(running);
    try {
      const result = await running;
      for (const record of records) tally.addSingle(record);
      return { result, count: records.length };
    } finally {
      this.#underWay.delete(running);
    }
  }

  /** What this process has written since the last call; waits for what is under way. */
  async take(): Promise<JournalBatch> {
    const [rows, tally] = [this.#rows, this.#tally];
    if (tally.size === 0 && this.#underWay.size === 0) return { tally, remove: async () => undefined };
    [this.#rows, this.#tally] = [this.#port.openForCommits(), new AccessTally()];
    await Promise.allSettled(this.#underWay);
    return { tally, remove: () => rows.remove() };
  }
}
