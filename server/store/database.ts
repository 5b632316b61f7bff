/**
 * An open database: the two stores kept in it. `openSqliteStore` and `openPostgresStore` give one; only the
 * composition root names them.
 */
import type { ResourceStore } from './resource-store.ts';
import type { StateStore } from './state-store.ts';

export interface Database {
  readonly resources: ResourceStore;
  readonly state: StateStore;
  /** Finishes what is under way in both stores and releases files and connections. Later calls reject. */
  close(): Promise<void>;
}
