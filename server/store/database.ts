/**
 * An open database: the two stores kept in it, and what is done to it as a whole. `openSqliteStore` and
 * `openPostgresStore` give one; only the composition root names them.
 */
import type { IndexEntry } from '../search/index-entry.ts';
import type { ResourceStore, StoredVersion } from './resource-store.ts';
import type { StateStore } from './state-store.ts';

/** What a resource is to be found by, from its JSON text. */
export type Indexer = (type: string, json: string) => readonly IndexEntry[];

export interface Database {
  readonly resources: ResourceStore;
  readonly state: StateStore;
  /** Every version of every resource as it stood at one moment, oldest first; writes go on meanwhile. */
  versions(): AsyncIterable<StoredVersion>;
  /**
   * Gives every current resource the index rows that `index` makes of it now, a few at a time, while reads and writes go
   * on. Each resource is found by its old rows or by its new ones, never by neither. Writers must use `index` already.
   * @returns how many resources.
   */
  reindex(index: Indexer, onProgress?: (done: number) => void): Promise<number>;
  /**
   * Gives versions another text in place, all at once: what must not be read by anybody any more. Ids, times and methods
   * stay, and so does a version that is current: that one is followed by a new one first.
   */
  replaceTexts(versions: readonly StoredVersion[]): Promise<void>;
  /** Finishes what is under way in both stores and releases files and connections. Later calls reject. */
  close(): Promise<void>;
}
