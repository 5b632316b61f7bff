/**
 * Group commit: pieces that wait to be written at the same moment share one transaction, and one fsync. One that fails
 * takes nothing else with it.
 *
 * The pieces were decided outside of the transaction, from what was committed before. Within one process the commit
 * queue keeps apart what could get in each other's way; commits of other processes (`fellesplan reindex`, a restore) are
 * counted here, and what was decided before the last of them is given back to be decided anew.
 *
 * Spec: https://sqlite.org/pragma.html#pragma_data_version · https://sqlite.org/lang_savepoint.html
 */
import { stateSteps } from '../sql/state-methods.ts';
import type { Connection } from './connection.ts';
import { sqliteDialect as dialect } from './dialect.ts';
import type { GroupOutcome, Outcome, Piece } from './piece.ts';
import { ResourceWriter } from './write.ts';

export class GroupWriter {
  readonly #connection: Connection;
  readonly #resources: ResourceWriter;
  #epoch: number;
  #dataVersion: number;

  /** `epoch` is where the count of other processes' commits starts. */
  constructor(connection: Connection, epoch: number) {
    this.#connection = connection;
    this.#resources = new ResourceWriter(connection);
    this.#epoch = epoch;
    this.#dataVersion = this.#readDataVersion();
  }

  /** Keeps every other writer out until the next commit: what is decided meanwhile is not outdated. @returns the epoch. */
  hold(): number {
    this.#begin();
    return this.#epoch;
  }

  /**
   * Writes the group in one transaction, the one held if there is one. The log is not synced.
   * @throws Error when the commit fails: nothing of the group is written then.
   */
  commit(group: readonly Piece[]): GroupOutcome {
    const isHeld = this.#connection.inTransaction;
    try {
      if (!isHeld) this.#begin();
      const outcomes = (isHeld ? undefined : this.#writeTogether(group)) ?? this.#writeApart(group, isHeld);
      this.#connection.exec('COMMIT');
      return { epoch: this.#epoch, outcomes };
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  #begin(): void {
    this.#connection.endTurn();
    this.#connection.exec('BEGIN IMMEDIATE');
    const now = this.#readDataVersion();
    if (now === this.#dataVersion) return;
    this.#dataVersion = now;
    this.#epoch += 1;
    this.#resources.writtenByOthers();
  }

  #rollBack(): void {
    if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK');
    this.#resources.takenBack();
  }

  /** The usual case, in which nothing fails. @returns undefined when something did. */
  #writeTogether(group: readonly Piece[]): readonly Outcome[] | undefined {
    try {
      return group.map((piece) => this.#write(piece));
    } catch {
      return undefined;
    }
  }

  /** Each piece in a savepoint of its own, which costs a copy of every page that is changed. */
  #writeApart(group: readonly Piece[], isHeld: boolean): readonly Outcome[] {
    if (!isHeld) {
      this.#rollBack();
      this.#begin();
    }
    return group.map((piece) => {
      this.#connection.exec('SAVEPOINT piece');
      try {
        return this.#write(piece);
      } catch (error) {
        this.#connection.exec('ROLLBACK TO piece');
        this.#resources.takenBack();
        return { error: error instanceof Error ? error : new Error(String(error)) };
      } finally {
        this.#connection.exec('RELEASE piece');
      }
    });
  }

  #write({ epoch, writes = [], reindexed = [], state = [] }: Piece): Outcome {
    if (epoch !== undefined && epoch !== this.#epoch) return { outdated: true };
    this.#resources.writeAll(writes);
    for (const { rid, type, index } of reindexed) this.#resources.replaceEntries(rid, type, index);
    return { values: state.map((command) => this.#connection.run(stateSteps(dialect, command))) };
  }

  #readDataVersion(): number {
    return Number(this.#connection.prepare('PRAGMA data_version').get()?.data_version);
  }
}
