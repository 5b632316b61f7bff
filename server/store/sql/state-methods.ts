/** StateStore on top of the statements in state.ts, given ways to read and to write. */
import type { StateAddition } from '../resource-store.ts';
import type { StatePutOptions, StateStore } from '../state-store.ts';
import type { Dialect } from './dialect.ts';
import {
  addState,
  consumeState,
  findState,
  getState,
  hasState,
  insertStateIfAbsent,
  listState,
  putState,
  removeState,
  removeStateGroup,
  removeStateRange,
  type StateContext,
  SWEPT_AT_A_TIME,
  sweepState,
  takeState,
} from './state.ts';
import type { Steps } from './steps.ts';

type Value = Readonly<Record<string, unknown>>;

/** A change of state as a plain value: it may be carried out on another thread, and more than once. */
export type StateCommand = { readonly nowMs: number } & (
  | { readonly name: 'add'; readonly kind: string; readonly id: string; readonly text: string; readonly group: string | null }
  | { readonly name: 'put'; readonly kind: string; readonly id: string; readonly value: Value; readonly options: StatePutOptions }
  | {
      readonly name: 'insertIfAbsent';
      readonly kind: string;
      readonly id: string;
      readonly value: Value;
      readonly options: StatePutOptions;
    }
  | { readonly name: 'consume'; readonly kind: string; readonly id: string }
  | { readonly name: 'take' | 'remove'; readonly kind: string; readonly id: string }
  | { readonly name: 'removeGroup'; readonly group: string; readonly kind: string | undefined }
  | { readonly name: 'removeRange'; readonly kind: string; readonly fromId: string; readonly toId: string }
  | { readonly name: 'sweep' }
);

/** The command that adds an entry. */
export function addCommand({ kind, id, value, group }: StateAddition, nowMs: number): StateCommand {
  return { name: 'add', nowMs, kind, id, text: JSON.stringify(value), group: group ?? null };
}

/** What a command does. Its result is what the method of that name gives. */
export function stateSteps(dialect: Dialect, command: StateCommand): Steps<unknown> {
  const context: StateContext = { dialect, nowMs: command.nowMs };
  switch (command.name) {
    case 'add':
      return addState(context, command.kind, command.id, command.text, command.group);
    case 'put':
      return putState(context, command.kind, command.id, command.value, command.options);
    case 'insertIfAbsent':
      return insertStateIfAbsent(context, command.kind, command.id, command.value, command.options);
    case 'consume':
      return consumeState(context, command.kind, command.id);
    case 'take':
      return takeState(context, command.kind, command.id);
    case 'remove':
      return removeState(context, command.kind, command.id);
    case 'removeGroup':
      return removeStateGroup(context, command.group, command.kind);
    case 'removeRange':
      return removeStateRange(context, command.kind, command.fromId, command.toId);
    case 'sweep':
      return sweepState(context);
  }
}

interface StateMeans {
  readonly dialect: Dialect;
  readonly nowMs: () => number;
  readonly read: <Result>(steps: () => Steps<Result>) => Promise<Result>;
  /** Carries the command out in one durable transaction, perhaps more than once. */
  readonly write: (command: StateCommand) => Promise<unknown>;
}

/** A StateStore whose methods run through `means`. */
export function stateStore({ dialect, nowMs, read, write }: StateMeans): StateStore {
  const now = (): StateContext => ({ dialect, nowMs: nowMs() });
  const put = (kind: string, id: string, value: Value, options: StatePutOptions) => ({ kind, id, value, options, nowMs: nowMs() });
  return {
    has: (kind, id) => read(() => hasState(now(), kind, id)),
    get: (kind, id) => read(() => getState(now(), kind, id)),
    find: (kind, alias, value) => read(() => findState(now(), kind, alias, value)),
    put: async (kind, id, value, options = {}) => void (await write({ name: 'put', ...put(kind, id, value, options) })),
    add: async (entry) => void (await write(addCommand(entry, nowMs()))),
    insertIfAbsent: async (kind, id, value, options = {}) =>
      (await write({ name: 'insertIfAbsent', ...put(kind, id, value, options) })) as boolean,
    consume: async (kind, id) => (await write({ name: 'consume', kind, id, nowMs: nowMs() })) as boolean,
    take: async (kind, id) => (await write({ name: 'take', kind, id, nowMs: nowMs() })) as Awaited<ReturnType<StateStore['take']>>,
    remove: async (kind, id) => void (await write({ name: 'remove', kind, id, nowMs: nowMs() })),
    removeGroup: async (group, kind) => (await write({ name: 'removeGroup', group, kind, nowMs: nowMs() })) as number,
    removeRange: async (kind, fromId, toId) => void (await write({ name: 'removeRange', kind, fromId, toId, nowMs: nowMs() })),
    list: (kind, limit, afterId = '') => read(() => listState(now(), kind, limit, afterId)),
    async sweep() {
      for (let swept = 0; ; ) {
        const some = (await write({ name: 'sweep', nowMs: nowMs() })) as number;
        swept += some;
        if (some < SWEPT_AT_A_TIME) return swept;
      }
    },
  };
}
