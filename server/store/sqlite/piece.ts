/** What the main thread hands to the writer: pieces of work that are decided, as plain values, so that they can go to another thread. */
import type { ResourceWrite } from '../resource-store.ts';
import type { StateCommand } from '../sql/state-methods.ts';
import type { Entries } from './entry-text.ts';

/** Written whole or not at all. */
export interface Piece {
  /**
   * The writer's count of other processes' commits that was known when the piece was decided. A piece decided under an
   * older count is not written. Left out where nothing was read beforehand.
   */
  readonly epoch?: number;
  readonly writes?: readonly PieceWrite[];
  /** Current resources whose index rows are made anew. */
  readonly reindexed?: readonly Reindexed[];
  readonly state?: readonly StateCommand[];
}

export interface PieceWrite extends Omit<ResourceWrite, 'index'> {
  readonly index: Entries;
}

export interface Reindexed {
  readonly rid: number;
  readonly type: string;
  readonly index: Entries;
}

/** What became of a piece: written (with what each state command gave), outdated before it could be, or impossible. */
export type Outcome = { readonly values: readonly unknown[] } | { readonly outdated: true } | { readonly error: Error };

/** What became of a group, and the count of other processes' commits as it is now. */
export interface GroupOutcome {
  readonly epoch: number;
  readonly outcomes: readonly Outcome[];
}
