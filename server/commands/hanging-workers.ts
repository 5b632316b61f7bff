/**
 * Finds workers that do not take turns any more (a loop without an end, a call that never comes back): whoever waits for
 * one waits for ever, and nothing in it can tell. The first process asks each, and ends one that has been silent for so
 * long that nobody waits for its answers any more.
 *
 * Spec: https://nodejs.org/docs/latest-v24.x/api/cluster.html#event-message_1
 */
import type { Worker } from 'node:cluster';
import { readFileSync } from 'node:fs';
import { getBuiltinModule } from 'node:process';
import type { Log } from '../http/log.ts';

/** Told by a worker that has started. */
export const READY = 'ready';
const ASK = 'are-you-there';
const HERE = 'here';
/** Here, and perhaps held by a debugger the next time. */
const INSPECTED = 'inspected';
/** Stopped, or traced. */
const HELD_STATES = 'Tt';

export interface WatchOptions {
  /** How often each is asked. */
  readonly askEachMs: number;
  /** How long one may be silent: much longer than the longest work that is done in one turn. */
  readonly silentMs: number;
}

/** A start reads and compiles much in one turn, and comes to nothing sooner on a machine that is busy if it is broken off. */
const START_TIMES = 10;
const PATIENCE: WatchOptions = { askEachMs: 2_000, silentMs: 30_000 };

/**
 * Asks the worker until it has ended, and ends it when it has been silent for too long; for ten times as long until it is
 * ready. One that a debugger holds, or that somebody has stopped, is left alone.
 * @param number names the worker in the log.
 */
export function watchForHanging(
  worker: Worker,
  { number, log, options = PATIENCE }: { readonly number: number; readonly log: Pick<Log, 'error'>; readonly options?: WatchOptions },
): void {
  const { askEachMs, silentMs } = options;
  let patienceMs = START_TIMES * silentMs;
  let isWaiting = false;
  let isInspected = false;
  /** Counted, not measured: while the whole machine stands still, so does this process. */
  let silences = 0;
  worker.on('message', (message) => {
    if (message === READY) {
      patienceMs = silentMs;
      // The time of its start was another patience's.
      silences = 0;
    }
    if (message !== HERE && message !== INSPECTED) return;
    isInspected = message === INSPECTED;
    isWaiting = false;
    silences = 0;
  });
  const asking = setInterval(() => {
    if (!worker.isConnected()) return;
    if (!isWaiting) {
      isWaiting = true;
      worker.send(ASK, () => undefined);
      return;
    }
    if (isInspected || isHeld(worker.process.pid)) return;
    silences += 1;
    if (silences * askEachMs < patienceMs) return;
    log.error({ event: 'worker-hangs', worker: number, silentMs: patienceMs });
    // It hears no other signal.
    worker.process.kill('SIGKILL');
  }, askEachMs);
  worker.once('exit', () => clearInterval(asking));
}

/** Answers the first process, from within a worker, when `message` asks. */
export function answerIfAsked(message: unknown): void {
  if (message !== ASK) return;
  const isInspected = getBuiltinModule('node:inspector').url() !== undefined;
  process.send?.(isInspected ? INSPECTED : HERE, undefined, undefined, () => undefined);
}

/** True for a process that is stopped by a signal or by whoever traces it; not known where there is no /proc. */
function isHeld(pid: number | undefined): boolean {
  try {
    // The name before it may hold parentheses.
    const state = /^.*\) (\w)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
    return state !== undefined && HELD_STATES.includes(state);
  } catch {
    return false;
  }
}
