/**
 * How much memory V8 takes beyond what is alive. Left alone, it lets what it holds double and more before it looks what
 * is still needed, which serves programs that have the machine to themselves.
 *
 * Spec: https://nodejs.org/docs/latest-v24.x/api/v8.html#v8setflagsfromstringflags
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What V8 may hold beyond what is alive, in hundredths of that: read each time it has collected. */
const GROWING_PERCENT = 30;
/** Megabytes for each half of the young objects of a thread: what it writes lives for a moment. */
const THREAD_SEMI_SPACE_MB = 2;

/**
 * To be called before the service is put together: what it holds grows by a third between two collections, and
 * threads that start from now on do not get a young generation as big as that of the main thread.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`);
  // What a write waiting for its commit holds is alive at many a collection of young objects. V8 took that for a long life
  // and made such objects among the old ones, where they cost a full collection twice as often.
  setFlagsFromString('--no-allocation-site-pretenuring');
  setFlagsFromString(`--max-semi-space-size=${THREAD_SEMI_SPACE_MB}`);
}

/**
 * Collects once what the start has left, in about 50 ms: only after a first full collection does V8 know how little is
 * alive, and until then it would let the heap grow to twice of it.
 */
export function collectStart(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  setFlagsFromString('--no-expose-gc');
}
