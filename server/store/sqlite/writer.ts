/** Where groups are written: on the main thread, or on a thread of their own. What is done is the same (group-writer.ts). */
import { Worker } from 'node:worker_threads';
import type { Connection } from './connection.ts';
import { GroupWriter } from './group-writer.ts';
import { type PackedGroup, packed } from './packed-group.ts';
import type { GroupOutcome, Piece } from './piece.ts';
import { IN_MEMORY, LogMover, WriteAheadLog } from './write-ahead-log.ts';

/** One call after the other is carried out; a call may be made before the one before is answered. */
export interface Writer {
  /** True when it writes on a thread of its own. */
  readonly isApart: boolean;
  /** Resolves when the group is on disk. @throws Error when it could not be committed, or is not known to be on disk. */
  commit(group: readonly Piece[]): Promise<GroupOutcome>;
  /** The same with other processes kept from writing while `decide` runs; it is given the epoch and gives the group. */
  commitHolding(decide: (epoch: number) => readonly Piece[]): Promise<GroupOutcome>;
  close(): Promise<void>;
}

/** Writes on the thread of the caller; the log is synced beside it. */
function writerHere(group: GroupWriter, log: WriteAheadLog): Writer {
  const commit = async (pieces: readonly Piece[]): Promise<GroupOutcome> => {
    const outcome = group.commit(pieces);
    await log.sync();
    return outcome;
  };
  return {
    isApart: false,
    commit,
    commitHolding: async (decide) => commit(decide(group.hold())),
    close: async () => undefined,
  };
}

/** What the thread is told. */
export type WriterCall = { readonly number: number } & (
  | { readonly do: 'commit'; readonly group: PackedGroup }
  | { readonly do: 'hold' }
  | { readonly do: 'close' }
);

/** What it answers. */
export interface WriterAnswer {
  readonly number: number;
  readonly outcome?: GroupOutcome;
  readonly epoch?: number;
  readonly error?: Error;
}

/** What it is started with. */
export interface WriterStart {
  readonly file: string;
  readonly cacheBytes: number;
  readonly epoch: number;
}

/** Objects of a group live for a moment; a big young generation would only keep memory. */
const LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 };

/**
 * A thread with a connection of its own. Resolves when it can write.
 * @param died called once when it has ended by itself; what it had under way has been rejected then.
 */
async function writerThread(start: WriterStart, died: () => void): Promise<Writer> {
  const thread = new Worker(new URL('./writer-worker.ts', import.meta.url), { workerData: start, resourceLimits: LIMITS });
  const underWay = new Map<number, (answer: WriterAnswer) => void>();
  let ended: Error | undefined;
  let calls = 0;
  const end = (reason: unknown): void => {
    if (ended !== undefined) return;
    ended = reason instanceof Error ? reason : new Error('The thread that writes has ended.');
    for (const [number, settle] of underWay) settle({ number, error: ended });
    underWay.clear();
    died();
  };
  thread.on('message', (answer: WriterAnswer) => {
    underWay.get(answer.number)?.(answer);
    underWay.delete(answer.number);
    if (underWay.size === 0) thread.unref();
  });
  thread.on('error', end);
  thread.on('exit', () => end(undefined));
  const answered = async (number: number): Promise<WriterAnswer> => {
    const answer = await new Promise<WriterAnswer>((resolve) => {
      if (ended !== undefined) return resolve({ number, error: ended });
      // A process does not end while something is being written for it.
      if (underWay.size === 0) thread.ref();
      underWay.set(number, resolve);
    });
    if (answer.error !== undefined) throw answer.error;
    return answer;
  };
  const call = (what: { do: 'commit'; group: PackedGroup } | { do: 'hold' | 'close' }): Promise<WriterAnswer> => {
    calls += 1;
    thread.postMessage({ ...what, number: calls } satisfies WriterCall);
    return answered(calls);
  };
  await answered(0);
  const commit = async (group: readonly Piece[]) => (await call({ do: 'commit', group: packed(group) })).outcome as GroupOutcome;
  return {
    isApart: true,
    commit,
    commitHolding: async (decide) => commit(decide((await call({ do: 'hold' })).epoch as number)),
    async close() {
      if (ended === undefined) await call({ do: 'close' }).catch(() => undefined);
      ended ??= new Error('The store is closed.');
      await thread.terminate();
    },
  };
}

/** Each writer counts other processes' commits from a number of its own, so that what was decided for the one before is outdated. */
const EPOCHS_EACH = 2 ** 40;
/** Groups after which the log is looked through. */
const GROUPS_BETWEEN_MOVES = 100;
/** A group of more resources counts as several: what the access log tells of many reads comes in few groups, and large ones. */
const RESOURCES_OF_A_GROUP = 8;

export interface WriterOptions {
  readonly file: string;
  readonly cacheBytes: number;
  /** After so many groups of up to eight resources a thread is started. A store that writes little does without: a thread takes memory and time to start. */
  readonly threadAfterGroups: number;
}

/** Writes on the caller's thread through `connection` at first, then on a thread; again on the caller's while a thread that has ended is replaced. */
export function openWriter(connection: Connection, { file, cacheBytes, threadAfterGroups }: WriterOptions): Writer {
  const mover = new LogMover(file);
  const log = new WriteAheadLog(file);
  let writers = 1;
  let groups = 0;
  /** Groups by their size. */
  let done = 0;
  let groupsUntilThread = threadAfterGroups;
  const here = (): Writer => writerHere(new GroupWriter(connection, EPOCHS_EACH * ++writers), log);
  let writer = here();
  let thread: Writer | undefined;
  let starting: Promise<void> | undefined;
  const died = (): void => {
    if (thread !== undefined) writer = here();
    thread = undefined;
    groupsUntilThread = done + threadAfterGroups;
  };
  /** One that cannot be started is tried again later. */
  const start = async (): Promise<void> => {
    thread = await writerThread({ file, cacheBytes, epoch: EPOCHS_EACH * ++writers }, died).catch(() => undefined);
    writer = thread ?? writer;
    starting = undefined;
  };
  /** Counts a group of so many resources. @returns who is to write it. */
  const next = (resources: number): Writer => {
    groups += 1;
    done += Math.max(1, resources / RESOURCES_OF_A_GROUP);
    if (file === IN_MEMORY) return writer;
    if (groups % GROUPS_BETWEEN_MOVES === 0) mover.move();
    if (done > groupsUntilThread && thread === undefined) starting ??= start();
    return writer;
  };
  return {
    get isApart() {
      return writer.isApart;
    },
    commit: (group) => next(group.reduce((sum, { writes = [] }) => sum + writes.length, 0)).commit(group),
    // How much it will be is not known yet.
    commitHolding: (decide) => next(1).commitHolding(decide),
    async close() {
      await starting;
      await thread?.close();
      await mover.close();
      await log.close();
    },
  };
}
