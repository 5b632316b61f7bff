/**
 * The port to short-lived state that several server processes share: the authorization server's codes, grants,
 * sessions, tokens and keys, and the token ids that must not be used twice. Not for resources.
 * Every implementation passes test/store/state-store-contract.ts; these docstrings are the contract.
 *
 * All methods are durable when their promise resolves, see every write acknowledged before the call, and treat an
 * entry whose `expiresAtMs` has been reached as if it were not there. A store out of reach: FhirError 503 `transient`.
 */

import type { StateAddition } from './resource-store.ts';

/** One entry as it is kept. `kind` and `id` name it; `value` is any JSON object. */
export interface StateEntry {
  readonly kind: string;
  readonly id: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** When `consume` was first called for it, ms since 1970 UTC; null when never. */
  readonly consumedAtMs: number | null;
  readonly expiresAtMs: number | null;
}

export interface StatePutOptions {
  /** Milliseconds since 1970 UTC; left out: never. */
  readonly expiresAtMs?: number;
  /** What is removed together, e.g. the id of a grant. */
  readonly group?: string;
  /** Further names by which `find` finds the entry, e.g. `{ uid: '…' }` or `{ userCode: '…' }`. At most one entry of a kind has a given one: a later put takes it over. */
  readonly aliases?: Readonly<Record<string, string>>;
}

export interface StateStore {
  /** True when there is a live entry. Asked with every request, so it is as cheap as the database makes it. */
  has(kind: string, id: string): Promise<boolean>;
  get(kind: string, id: string): Promise<StateEntry | undefined>;
  /** The entry of `kind` that was put with `aliases[alias] === value`. */
  find(kind: string, alias: string, value: string): Promise<StateEntry | undefined>;
  /** Writes the entry whole: value, expiry, group and aliases of an earlier put are replaced, a mark of consumption stays. */
  put(kind: string, id: string, value: Readonly<Record<string, unknown>>, options?: StatePutOptions): Promise<void>;
  /** Writes an entry under an id that was never used, at less cost. */
  add(entry: StateAddition): Promise<void>;
  /** Writes the entry if there is none. @returns false when there was one already; of concurrent calls exactly one gets true. */
  insertIfAbsent(kind: string, id: string, value: Readonly<Record<string, unknown>>, options?: StatePutOptions): Promise<boolean>;
  /** Marks the entry as consumed. @returns true for the one call that did; false when it was consumed before or is not there. */
  consume(kind: string, id: string): Promise<boolean>;
  /** Reads and removes in one step: of concurrent calls exactly one gets the entry. */
  take(kind: string, id: string): Promise<StateEntry | undefined>;
  /** Removes the entry; nothing happens when it is not there. */
  remove(kind: string, id: string): Promise<void>;
  /** Removes all entries put with this group, of one kind or (undefined) of all. @returns how many. */
  removeGroup(group: string, kind?: string): Promise<number>;
  /**
   * Removes all entries of a kind whose ids, as texts, are not before `fromId` and before `toId`: what was added in order
   * under ids of its own, without aliases, at less cost than as a group.
   */
  removeRange(kind: string, fromId: string, toId: string): Promise<void>;
  /**
   * Live entries of a kind, by id ascending, at most `limit`, after `afterId`. One whose value has been damaged in the
   * database, and is no JSON object any more, has `{ damaged: TEXT }` for it.
   */
  list(kind: string, limit: number, afterId?: string): Promise<readonly StateEntry[]>;
  /** Removes expired entries for good. @returns how many. The open store does this by itself once a minute. */
  sweep(): Promise<number>;
}
