/**
 * From plans to groups. A plan is looked up and decided on the main thread as soon as nothing in flight concerns it; what
 * it decided goes to the writer with all that is decided in the meantime, and is answered when that is on disk. Plans that
 * wait are taken in the order in which they came, and nothing overtakes them.
 */
import { conflict, unavailable } from '../../fhir/errors.ts';
import { COMMITS, type CommitMessage } from '../commit-channel.ts';
import type { Lookups, ResourceWrite } from '../resource-store.ts';
import { type Counted, InFlight } from './in-flight.ts';
import type { GroupOutcome, Outcome, Piece } from './piece.ts';
import type { Writer } from './writer.ts';

/** Something to be written. */
export interface Task<Result> {
  /** What it depends on: nothing that may change this is in flight when it is decided. `everything` waits for all. */
  readonly lookups: Lookups | 'everything';
  /** Reads, and says what to write. Run again when another process has written in between. @throws what the caller is told. */
  decide(): { readonly piece: Piece; readonly touches: readonly ResourceWrite[]; result(values: readonly unknown[]): Result };
  /** True when it takes long to decide: other processes are kept out meanwhile. */
  readonly isLong?: true;
}

type Decided = ReturnType<Task<unknown>['decide']>;

interface Waiting {
  readonly task: Task<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  attempts: number;
}

interface Ready {
  readonly waiting: Waiting;
  readonly decided: Decided;
  readonly counted: readonly Counted[];
}

/** No more pieces than this share a commit, and no more text than one body may hold, so that nobody waits long. */
const GROUP_SIZE = 64;
const GROUP_CHARACTERS = 4_000_000;
/**
 * Where a thread writes, so many resources are sent as soon as they are decided, while it still writes the ones before:
 * otherwise each thread would wait for the other. Large groups are cheaper than many, so what comes slowly is gathered.
 */
const WRITES_SENT_AT_ONCE = 8;
/** One that is written, and one for the moment when it is done; the rest shares the next. */
const GROUPS_UNDER_WAY_MAX = 2;
/** After so many times that another process wrote in between, others are kept out. */
const ATTEMPTS_BEFORE_HOLD = 4;
const ATTEMPTS_MAX = 12;

/** What is told of commits. */
interface Told {
  /** What is read next is to see all that is committed. */
  lookAgain(): void;
  /** Another process may have committed something. */
  forget(): void;
}

export class CommitQueue {
  readonly #writer: Writer;
  readonly #told: Told;
  readonly #inFlight = new InFlight();
  /** The writer's count of other processes' commits, as far as it is known here. */
  #epoch = 0;
  #waiting: Waiting[] = [];
  #ready: Ready[] = [];
  #isScheduled = false;
  #groupsUnderWay = 0;
  /** Resources in `#ready`. */
  #writesReady = 0;
  #isHolding = false;
  #closing: { readonly whenIdle: () => void } | undefined;

  constructor(writer: Writer, told: Told) {
    this.#writer = writer;
    this.#told = told;
  }

  /**
   * Carries the task out; resolves with its result once that is on disk.
   * @throws whatever `decide` throws, and nothing is written then; FhirError 503 `transient` when the commit fails; 409
   * `conflict` when other processes kept writing in between.
   */
  run<Result>(task: Task<Result>): Promise<Result> {
    if (this.#closing !== undefined) return Promise.reject(unavailable('The store is closed.'));
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push({ task, resolve: resolve as (value: unknown) => void, reject, attempts: 0 });
      this.#admit();
    });
  }

  /** Decides what waits, from its head, as far as nothing in flight concerns it. */
  #admit(): void {
    while (!this.#isHolding) {
      const [head] = this.#waiting;
      if (head === undefined) break;
      const { task, attempts } = head;
      const wantsHold = task.isLong === true || attempts >= ATTEMPTS_BEFORE_HOLD;
      if (wantsHold || task.lookups === 'everything' ? !this.#inFlight.isEmpty || this.#isBusy : this.#inFlight.concerns(task.lookups))
        break;
      this.#waiting.shift();
      if (wantsHold) this.#decideHolding(head);
      else this.#decide(head, this.#epoch);
      if (this.#writesReady >= WRITES_SENT_AT_ONCE && this.#writer.isApart && this.#maySend) this.#send();
    }
    this.#schedule();
    if (!this.#isBusy && !this.#isHolding && this.#waiting.length === 0) this.#closing?.whenIdle();
  }

  get #isBusy(): boolean {
    return this.#groupsUnderWay > 0 || this.#ready.length > 0;
  }

  /** Writing on the main thread, one group at a time: what is decided meanwhile makes up the next. */
  get #maySend(): boolean {
    return !this.#isHolding && this.#ready.length > 0 && this.#groupsUnderWay < (this.#writer.isApart ? GROUPS_UNDER_WAY_MAX : 1);
  }

  #decideHolding(waiting: Waiting): void {
    this.#isHolding = true;
    let group: readonly Ready[] = [];
    const decide = (epoch: number): readonly Piece[] => {
      this.#told.lookAgain();
      this.#learn(epoch);
      this.#decide(waiting, epoch);
      group = this.#takeGroup();
      this.#isHolding = false;
      return piecesOf(group);
    };
    this.#follow(this.#writer.commitHolding(decide), () => group, waiting);
  }

  #decide(waiting: Waiting, epoch: number): void {
    try {
      const decided = waiting.task.decide();
      const { writes = [], reindexed = [], state = [] } = decided.piece;
      if (writes.length + reindexed.length + state.length === 0) {
        waiting.resolve(decided.result([]));
        return;
      }
      const isFree = waiting.task.lookups !== 'everything' && isNothing(waiting.task.lookups);
      const counted = this.#inFlight.add(decided.touches);
      this.#ready.push({ waiting, counted, decided: isFree ? decided : { ...decided, piece: { ...decided.piece, epoch } } });
      this.#writesReady += writes.length;
    } catch (error) {
      waiting.reject(error);
    }
  }

  #schedule(): void {
    if (this.#isScheduled || !this.#maySend) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (this.#maySend) this.#send();
      this.#schedule();
    });
  }

  #send(): void {
    const group = this.#takeGroup();
    this.#follow(this.#writer.commit(piecesOf(group)), () => group);
  }

  /** Answers those whose pieces the group is made of, and `waiting` if it came to nothing before there was a group. */
  #follow(commit: Promise<GroupOutcome>, group: () => readonly Ready[], waiting?: Waiting): void {
    this.#groupsUnderWay += 1;
    void commit
      .finally(() => this.#told.lookAgain())
      .then(
        ({ epoch, outcomes }) => this.#settle(group(), epoch, outcomes),
        (error: unknown) => {
          this.#told.forget();
          for (const each of [waiting, ...group().map((ready) => ready.waiting)]) each?.reject(notCommitted(error));
        },
      )
      .finally(() => {
        if (waiting !== undefined) this.#isHolding = false;
        this.#groupsUnderWay -= 1;
        for (const { counted } of group()) this.#inFlight.remove(counted);
        this.#admit();
      });
  }

  #learn(epoch: number): void {
    if (epoch !== this.#epoch) this.#told.forget();
    this.#epoch = epoch;
  }

  #takeGroup(): readonly Ready[] {
    let characters = 0;
    let size = 0;
    for (const { decided } of this.#ready) {
      for (const { json } of decided.piece.writes ?? []) characters += json?.length ?? 0;
      if (size === GROUP_SIZE || (size > 0 && characters > GROUP_CHARACTERS)) break;
      size += 1;
    }
    const group = this.#ready.splice(0, size);
    for (const { decided } of group) this.#writesReady -= decided.piece.writes?.length ?? 0;
    return group;
  }

  #settle(group: readonly Ready[], epoch: number, outcomes: readonly Outcome[]): void {
    this.#learn(epoch);
    if (COMMITS.hasSubscribers) COMMITS.publish({ size: group.length } satisfies CommitMessage);
    const again: Waiting[] = [];
    for (const [place, { waiting, decided }] of group.entries()) {
      const outcome = outcomes[place] as Outcome;
      if ('values' in outcome) waiting.resolve(decided.result(outcome.values));
      else if ('error' in outcome) waiting.reject(outcome.error);
      else if (waiting.attempts >= ATTEMPTS_MAX) waiting.reject(conflict('Other processes kept writing in between; try again.'));
      else again.push(Object.assign(waiting, { attempts: waiting.attempts + 1 }));
    }
    this.#waiting.unshift(...again);
  }

  /** Resolves when what waits is on disk, and the writer has let go of the file; later calls of `run` reject. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#closing = { whenIdle: resolve };
      this.#admit();
    });
    await this.#writer.close();
  }
}

function piecesOf(group: readonly Ready[]): readonly Piece[] {
  return group.map(({ decided }) => decided.piece);
}

function isNothing({ versions = [], searches = [] }: Lookups): boolean {
  return versions.length === 0 && searches.length === 0;
}

function notCommitted(cause: unknown): Error {
  return Object.assign(unavailable('The store could not commit; whether anything was written is not known.'), { cause });
}
