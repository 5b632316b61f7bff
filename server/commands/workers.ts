/**
 * Several processes behind one port: a first one that only starts, watches and stops the others. They share nothing but
 * the database, so that more machines can do the same behind any load balancer.
 *
 * Spec: https://nodejs.org/docs/latest-v24.x/api/cluster.html
 */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { WORKER_VARIABLE } from '../config.ts';
import type { Log } from '../http/log.ts';
import { answerIfAsked, READY, type WatchOptions, watchForHanging } from './hanging-workers.ts';

const STOP = 'stop';
const RELOAD = 'reload';
/** A worker that ends is replaced after so long; one that ends before it is ready, as while the database is away, after ever longer. */
const AGAIN_AFTER_MS = { least: 1_000, most: 30_000 };
/** Megabytes for each half of the young objects: left alone, V8 lets them grow threefold and never shrink. */
const WORKER_FLAGS = ['--max-semi-space-size=8'];

export interface Workers {
  /** Lets each read anew what may change while it runs. */
  reload(): void;
  /** Lets all finish what is under way. Resolves when the last has ended. */
  stop(): Promise<void>;
}

/** True in a process that `startWorkers` has started. */
export function isWorker(): boolean {
  return cluster.isWorker;
}

/** True in the worker that starts first; the others find what it has put into the database. */
export function isFirstWorker(): boolean {
  return cluster.worker?.id === 1;
}

/**
 * Starts `count` processes that run this command again; resolves when all are ready. One that ends is replaced, one that
 * hangs is ended first, and `log` is told of both.
 * @param begun is given at once what stops them, for the first of them serves long before the last; it does not resolve after that.
 * @throws Error when one ends before it is ready; the others have ended then.
 */
export async function startWorkers(
  count: number,
  log: Pick<Log, 'error'>,
  begun: (workers: Workers) => void = () => undefined,
  watch?: WatchOptions,
): Promise<Workers> {
  cluster.setupPrimary({ execArgv: [...process.execArgv, ...WORKER_FLAGS] });
  let stopping = false;
  const stop = async (): Promise<void> => {
    stopping = true;
    await Promise.all(running().map(stopOne));
  };
  /** Resolves when it is ready. @param againAfterMs when it is replaced if it ends before; left out: not at all. */
  const start = async (number: number, againAfterMs?: number): Promise<void> => {
    const worker = cluster.fork({ [WORKER_VARIABLE]: String(number) });
    watchForHanging(worker, { number, log, ...(watch === undefined ? {} : { options: watch }) });
    let inMs = againAfterMs;
    worker.once('exit', (code, signal) => {
      if (stopping || inMs === undefined) return;
      const next = Math.min(2 * inMs, AGAIN_AFTER_MS.most);
      log.error({ event: 'worker-ended', worker: number, code, signal, againInMs: inMs });
      setTimeout(() => !stopping && void start(number, next).catch(() => undefined), inMs);
    });
    await untilReady(worker);
    inMs = AGAIN_AFTER_MS.least;
  };
  const workers: Workers = {
    reload() {
      for (const worker of running()) tell(worker, RELOAD);
    },
    stop,
  };
  begun(workers);
  try {
    await start(0);
    if (stopping) return await never();
    await Promise.all(Array.from({ length: count - 1 }, (_, index) => start(index + 1)));
  } catch (error) {
    if (stopping) return await never();
    await stop();
    throw error;
  }
  return workers;
}

/** Whoever stops them ends the process. */
const never = (): Promise<never> => new Promise(() => undefined);

function running(): readonly Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
}

/** Whoever has just ended hears nothing: without a listener for the failure, it would end this process as well. */
function tell(worker: Worker, what: typeof STOP | typeof RELOAD): void {
  if (worker.isConnected()) worker.send(what, () => undefined);
}

async function untilReady(worker: Worker): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    worker.on('message', (message) => {
      if (message === READY) resolve();
    });
    worker.once('exit', () => reject(new Error('a worker could not start')));
  });
}

async function stopOne(worker: Worker): Promise<void> {
  if (worker.isDead()) return;
  const ended = once(worker, 'exit');
  tell(worker, STOP);
  await ended;
}

/**
 * Runs `start` in a worker and tells the first process when it is ready. What `start` resolves with is called when the
 * first process or somebody else wants this one to stop (or the first is gone; before it is ready it simply ends) or to
 * read its files anew.
 * @throws what `start` throws; nothing holds the process then.
 */
export async function serveAsWorker(start: () => Promise<{ readonly stop: () => void; readonly reload: () => void }>): Promise<void> {
  let stop = (): void => process.exit(0);
  let reload = (): void => undefined;
  let stopping = false;
  const stopOnce = (): void => {
    if (!stopping) stop();
    stopping = true;
  };
  process.on('message', (message) => {
    if (message === STOP) stopOnce();
    if (message === RELOAD) reload();
    answerIfAsked(message);
  });
  // Otherwise Node ends a worker whose first process is gone at once, in the middle of its requests.
  if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true;
  process.on('disconnect', stopOnce);
  // Service managers send it to every process of a service; the first one tells the workers as well.
  process.on('SIGTERM', stopOnce);
  // Ctrl-C reaches every process of a terminal; the first one passes it on.
  process.on('SIGINT', () => undefined);
  // So does SIGHUP when a terminal closes.
  process.on('SIGHUP', () => undefined);
  try {
    ({ stop, reload } = await start());
  } catch (error) {
    // The channel to the first process would keep this one, which serves nothing, for ever.
    process.channel?.unref();
    throw error;
  }
  process.send?.(READY);
}
