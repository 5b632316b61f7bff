/**
 * Several processes behind one port: a first one that only starts, watches and stops the others. They share nothing but
 * the database, so that more machines can do the same behind any load balancer.
 *
 * Spec: https://nodejs.org/docs/latest-v24.x/api/cluster.html
 */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { WORKER_VARIABLE } from '../config.ts';

const READY = 'ready';
const STOP = 'stop';
const RELOAD = 'reload';
const AGAIN_AFTER_MS = 1_000;
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
 * Starts `count` processes that run this command again; resolves when all are ready. One that ends is replaced.
 * @throws Error when one ends before it is ready.
 */
export async function startWorkers(count: number): Promise<Workers> {
  cluster.setupPrimary({ execArgv: [...process.execArgv, ...WORKER_FLAGS] });
  let stopping = false;
  const numbers = new Map<number, number>();
  const fork = (number: number): Worker => {
    const worker = cluster.fork({ [WORKER_VARIABLE]: String(number) });
    numbers.set(worker.id, number);
    return worker;
  };
  await untilReady(fork(0));
  await Promise.all(Array.from({ length: count - 1 }, (_, index) => untilReady(fork(index + 1))));
  cluster.on('exit', ({ id }) => {
    const number = numbers.get(id) ?? 0;
    numbers.delete(id);
    if (!stopping) setTimeout(() => !stopping && fork(number), AGAIN_AFTER_MS);
  });
  return {
    reload() {
      for (const worker of Object.values(cluster.workers ?? {})) worker?.send(RELOAD);
    },
    async stop() {
      stopping = true;
      const running = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
      await Promise.all(running.map(stopOne));
    },
  };
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
  worker.send(STOP);
  await ended;
}

/**
 * Runs `start` in a worker and tells the first process when it is ready. What `start` resolves with is called when the
 * first process wants this one to stop (or is gone; before it is ready it simply ends) or to read its files anew.
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
  });
  process.on('disconnect', stopOnce);
  // Ctrl-C reaches every process of a terminal; the first one passes it on.
  process.on('SIGINT', () => undefined);
  // So does SIGHUP when a terminal closes.
  process.on('SIGHUP', () => undefined);
  ({ stop, reload } = await start());
  process.send?.(READY);
}
