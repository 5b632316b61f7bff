/** StateStore on top of the statements in state.ts, given ways to read and to write. */
import type { StateStore } from '../state-store.ts';
import type { Dialect } from './dialect.ts';
import {
  consumeState,
  findState,
  getState,
  hasState,
  insertStateIfAbsent,
  listState,
  putState,
  removeStateGroup,
  type StateContext,
  sweepState,
  takeState,
} from './state.ts';
import type { Steps } from './steps.ts';

interface StateMeans {
  readonly dialect: Dialect;
  readonly nowMs: () => number;
  readonly read: <Result>(steps: () => Steps<Result>) => Promise<Result>;
  /** Runs the steps in one durable transaction, perhaps more than once. */
  readonly write: <Result>(steps: () => Steps<Result>) => Promise<Result>;
}

/** A StateStore whose methods run through `means`. */
export function stateStore({ dialect, nowMs, read, write }: StateMeans): StateStore {
  const now = (): StateContext => ({ dialect, nowMs: nowMs() });
  return {
    has: (kind, id) => read(() => hasState(now(), kind, id)),
    get: (kind, id) => read(() => getState(now(), kind, id)),
    find: (kind, alias, value) => read(() => findState(now(), kind, alias, value)),
    put: (kind, id, value, options = {}) => write(() => putState(now(), kind, id, value, options)),
    insertIfAbsent: (kind, id, value, options = {}) => write(() => insertStateIfAbsent(now(), kind, id, value, options)),
    consume: (kind, id) => write(() => consumeState(now(), kind, id)),
    take: (kind, id) => write(() => takeState(now(), kind, id)),
    remove: async (kind, id) => void (await write(() => takeState(now(), kind, id))),
    removeGroup: (group, kind) => write(() => removeStateGroup(now(), group, kind)),
    list: (kind, limit, afterId = '') => read(() => listState(now(), kind, limit, afterId)),
    sweep: () => write(() => sweepState(now())),
  };
}
