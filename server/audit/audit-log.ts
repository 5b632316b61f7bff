/**
 * The access log of a FHIR base. Writes are in the journal with their own commit, reads before they are answered; both
 * stand in the log a moment later, and before anybody reads it. Seals make it tamper-evident.
 *
 * Spec: https://hl7.org/fhir/R4/auditevent.html
 */
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Resource } from '../fhir/resource.ts';
import type { IndexEntry } from '../search/index-entry.ts';
import type { ResourceStore, ResourceWrite } from '../store/resource-store.ts';
import type { AccessRecord } from './access-record.ts';
import type { ShownAlone, VersionKey } from './access-tally.ts';
import { fingerprint } from './audit-event.ts';
import { CommitJournal } from './commit-journal.ts';
import { EventWriter, writtenFrom } from './event-writer.ts';
import { Journal, type JournalBatch, type JournalPort } from './journal.ts';
import { type Sealed, type StoredSeal, seal } from './seal.ts';
import type { Telling } from './telling-mark.ts';
import { unsealedEvents } from './unsealed.ts';

export interface AuditLog {
  /** Resolves when the records outlive this process; a reader is answered after that. @throws FhirError 503 `transient`. */
  record(records: readonly AccessRecord[]): Promise<void>;
  /**
   * Runs the plan; what `recordsOf` tells of its writes is in the journal with the same commit.
   * @returns the plan's result and how many records there were. @throws FhirError as the plan and the store say.
   */
  transact: CommitJournal['transact'];
  /** What was told of a version that was shown alone a moment ago; undefined when it was not. */
  shownAlone(version: VersionKey): ShownAlone | undefined;
  /** How many events of this process no seal names yet. */
  waiting(): number;
  /** How many pieces of the journal could not be read and lie aside, as of the last sweep. */
  damaged(): number;
  /** Brings what was recorded before this call into the log and seals it. */
  settle(): Promise<void>;
  /** Settles and stops. Called before the stores are closed. */
  close(): Promise<void>;
}

export interface AuditLogOptions {
  readonly store: ResourceStore;
  readonly journal: JournalPort;
  readonly index: (resource: Resource) => readonly IndexEntry[];
  readonly nowMs: () => number;
  /** Has what brings the journal into the log run; left out: nobody copies both while it runs. */
  readonly telling?: Telling;
  /** Told when the log could not be brought up to date; it is tried again. */
  readonly reportFault: (error: unknown) => void;
}

/** How long reads of the same caller may gather before they become an event. */
const SETTLE_MS = 15_000;
/** So many different accesses that only read do not gather any longer: they take memory, some 2 kB each. */
const READS_AT_MOST = 6_000;
/** The same of writes, of which each takes some 130 bytes. */
const WRITES_AT_MOST = 60_000;
/** Whoever reads the log waits until they are written, some 10,000 in a second; where it is of many people, more time gathers little. */
const EVENTS_AT_MOST = 10_000;
const SWEEP_MS = 60_000;
/** So that the store need not wait for the next events, nor these for the disk. */
const COMMITS_UNDER_WAY = 2;
const EVENTS_PER_SEAL = 500;

/** Opens the log, and takes care of what an earlier process did not finish. */
export function openAuditLog(options: AuditLogOptions): AuditLog {
  const { store, index, nowMs, reportFault, telling = (work) => work() } = options;
  const journal = new Journal(options.journal);
  const commits = new CommitJournal(options.journal);
  let toSeal: Sealed[] = [];
  let lastSeal: StoredSeal | undefined;
  let running = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let isFull = false;
  let damaged = 0;

  /**
   * Brings the batch into the log and has it taken away by `remove`. What could not be brought there is left to the sweep:
   * a part of it is told twice, rather than any not at all.
   */
  async function tell(batch: JournalBatch, remove: () => Promise<void>): Promise<void> {
    if (batch.tally.size === 0) return remove();
    let isTold = false;
    try {
      await telling(async () => {
        await bringIntoLog(batch);
        isTold = true;
        await remove();
      });
    } catch (error) {
      if (!isTold) await batch.leave();
      throw error;
    }
  }

  async function bringIntoLog(batch: Pick<JournalBatch, 'tally'>): Promise<void> {
    const underWay: Promise<void>[] = [];
    try {
      const writer = new EventWriter(index);
      for (const some of writer.writes(batch.tally.groups(), randomUUID, nowMs)) {
        const writing = write(some);
        // Whether it fails is asked below, perhaps after it has.
        writing.catch(() => undefined);
        underWay.push(writing);
        if (underWay.length >= COMMITS_UNDER_WAY) await underWay.shift();
        await setImmediate();
      }
    } finally {
      await Promise.all(underWay);
    }
  }

  async function write(writes: readonly ResourceWrite[]): Promise<void> {
    const written = await store.transact({
      lookups: {},
      build({ nowMs: atMs }) {
        const inTime = writes.map((event) => writtenFrom(event, atMs));
        return { writes: inTime, result: inTime };
      },
    });
    toSeal.push(...written.map(({ id, json }) => ({ id, fingerprint: fingerprint(json!) })));
  }

  async function sealAll(): Promise<void> {
    while (toSeal.length > 0) {
      const some = toSeal.slice(0, EVENTS_PER_SEAL);
      lastSeal = await seal({ store, index }, some, lastSeal);
      toSeal = toSeal.slice(some.length);
    }
  }

  /** Both at once, and both to their end: what stands in the log is not to be told again. */
  async function sealAndRemove(batch: JournalBatch): Promise<void> {
    const ended = await Promise.allSettled([sealAll(), batch.remove()]);
    const failed = ended.find((each) => each.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** One after the other: whoever calls waits for all that was recorded before. */
  function settle(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const next = running.then(async () => {
      const reads = await journal.take();
      await tell(reads, () => reads.remove());
      const writes = await commits.take();
      await tell(writes, () => sealAndRemove(writes));
    });
    running = next.catch(reportFault);
    return next;
  }

  function isMuch(): boolean {
    return journal.accesses >= READS_AT_MOST || commits.accesses >= WRITES_AT_MOST || commits.events >= EVENTS_AT_MOST;
  }

  function soon(): void {
    timer ??= setTimeout(() => void settle().catch(() => undefined), SETTLE_MS).unref();
    if (isFull || !isMuch()) return;
    isFull = true;
    const emptied = () => {
      isFull = false;
    };
    settle().then(emptied, emptied);
  }

  async function sweep(): Promise<void> {
    running = running
      .then(async () => {
        for (;;) {
          const batch = await journal.leftBehind();
          for (const place of batch.unreadable) reportFault(new Error(`What stands in ${place} is no access, and is left there`));
          if (batch.tally.size === 0) break;
          await telling(async () => {
            await bringIntoLog(batch);
            await batch.remove();
          });
        }
        damaged = (await options.journal.setAside()).length;
        toSeal.push(...(await unsealedEvents(store, nowMs(), toSeal)));
        await sealAll();
      })
      .catch(reportFault);
    await running;
  }

  const sweeper = setInterval(() => void sweep(), SWEEP_MS).unref();
  void sweep();

  const log: AuditLog = {
    record(records) {
      if (records.length === 0) return Promise.resolve();
      soon();
      return journal.put(records);
    },
    async transact(through, plan, recordsOf) {
      const done = await commits.transact(through, plan, recordsOf);
      if (done.count > 0) soon();
      return done;
    },
    shownAlone: (version) => journal.shownAlone(version),
    waiting: () => toSeal.length,
    damaged: () => damaged,
    settle,
    async close() {
      clearInterval(sweeper);
      await settle().catch(() => undefined);
      clearTimeout(timer);
    },
  };
  return log;
}
