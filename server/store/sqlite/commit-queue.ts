/**
 * Group commit: everything that waits to be written at the same moment shares one transaction, and one fsync. Each
 * piece of work has a savepoint of its own, so one that fails takes nothing else with it. Between BEGIN and COMMIT
 * nothing is awaited. The fsync runs beside: meanwhile other requests are read and checked, and what they want to write
 * makes up the next group.
 *
 * Spec: https://sqlite.org/lang_savepoint.html · https://sqlite.org/pragma.html#pragma_synchronous
 */
import { unavailable } from '../../fhir/errors.ts';
import type { Connection } from './connection.ts';

interface Waiting {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** No more pieces of work than this share a commit, so that reads between two commits do not wait long. */
const GROUP_SIZE = 64;

export class CommitQueue {
  readonly #connection: Connection;
  readonly #sync: () => Promise<void>;
  #waiting: Waiting[] = [];
  #scheduled = false;
  #syncing: Promise<void> | undefined;
  #closed = false;

  /** `sync` resolves when all that was committed before its call is on disk. */
  constructor(connection: Connection, sync: () => Promise<void>) {
    this.#connection = connection;
    this.#sync = sync;
  }

  /**
   * Runs `work` in a write transaction; resolves with its result once that is on disk.
   * @throws whatever `work` throws, which then has written nothing; FhirError 503 `transient` when the commit fails.
   */
  run<Result>(work: () => Result): Promise<Result> {
    if (this.#closed) return Promise.reject(unavailable('The store is closed.'));
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#syncing !== undefined) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#syncing === undefined) this.#commitGroup();
    });
  }

  #commitGroup(): void {
    const group = this.#waiting.splice(0, GROUP_SIZE);
    if (group.length === 0) return;
    const settle: (() => void)[] = [];
    try {
      this.#connection.exec('BEGIN IMMEDIATE');
      for (const member of group) settle.push(this.#runMember(member));
      this.#connection.exec('COMMIT');
    } catch (error) {
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK');
      const failure = unavailable('The store could not commit; nothing was written.');
      failure.cause = error;
      for (const member of group) member.reject(failure);
      if (this.#waiting.length > 0) this.#schedule();
      return;
    }
    this.#syncing = this.#settleWhenOnDisk(group, settle);
  }

  async #settleWhenOnDisk(group: readonly Waiting[], settle: readonly (() => void)[]): Promise<void> {
    try {
      await this.#sync();
      for (const answer of settle) answer();
    } catch (error) {
      // Nobody knows what is on disk now: nothing more is promised by this process.
      this.#closed = true;
      const failure = unavailable('The store could not make sure that what was written is on disk.');
      failure.cause = error;
      for (const member of [...group, ...this.#waiting.splice(0)]) member.reject(failure);
    }
    this.#syncing = undefined;
    if (this.#waiting.length > 0) this.#schedule();
  }

  /** Runs one piece of work in its savepoint. @returns what answers its caller once the group is on disk. */
  #runMember({ work, resolve, reject }: Waiting): () => void {
    this.#connection.exec('SAVEPOINT member');
    try {
      const result = work();
      this.#connection.exec('RELEASE member');
      return () => resolve(result);
    } catch (error) {
      this.#connection.exec('ROLLBACK TO member');
      this.#connection.exec('RELEASE member');
      return () => reject(error);
    }
  }

  /** Resolves when what waits is committed and on disk; later calls of `run` reject. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#syncing !== undefined || this.#waiting.length > 0) {
      if (this.#syncing === undefined) this.#commitGroup();
      await this.#syncing;
    }
  }
}
