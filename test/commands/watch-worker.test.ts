/** When the first process takes a worker for one that hangs, told by a worker that says what the test wants. */
import type { Worker } from 'node:cluster';
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { READY, watchForHanging } from '../../server/commands/hanging-workers.ts';

const EACH_MS = 100;
const SILENT_MS = 500;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched(): { readonly worker: EventEmitter; readonly kill: ReturnType<typeof vi.fn> } {
  const kill = vi.fn();
  const worker = Object.assign(new EventEmitter(), { isConnected: () => true, send: () => true, process: { pid: undefined, kill } });
  watchForHanging(worker as unknown as Worker, {
    number: 0,
    log: { error: () => undefined },
    options: { askEachMs: EACH_MS, silentMs: SILENT_MS },
  });
  return { worker, kill };
}

it('is ended when it says nothing for as long as one that serves may be silent', () => {
  const { worker, kill } = watched();
  worker.emit('message', READY);
  vi.advanceTimersByTime(SILENT_MS);
  expect(kill).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2 * EACH_MS);
  expect(kill).toHaveBeenCalledWith('SIGKILL');
});

it('is not held to have been silent as long as it took to start, when it has just said that it is ready', () => {
  const { worker, kill } = watched();
  vi.advanceTimersByTime(4 * SILENT_MS);
  worker.emit('message', READY);
  vi.advanceTimersByTime(EACH_MS);
  expect(kill).not.toHaveBeenCalled();
});
