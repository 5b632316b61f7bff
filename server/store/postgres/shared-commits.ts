/**
 * Small writes of many requests in one transaction of the database, and so one commit: PostgreSQL's own way of waiting
 * for others with a commit saves the disk, but neither the round trips nor the sessions that are woken.
 *
 * They are independent: each writes other resources, and says by its rows whether it has written. When a statement fails,
 * nothing of all of them has happened, and each is carried out by itself.
 */
import type pg from 'pg';
import type { Statement } from '../sql/steps.ts';
import { isOutOfReach } from './connection.ts';
import { Gathering } from './gathering.ts';
import { type Answers, sendTogether } from './pipeline.ts';
import { TELL_OF_WRITING } from './settled.ts';

const SHARED_CONNECTIONS = 3;
const TOGETHER_AT_MOST = 8;

interface Asked {
  readonly statements: readonly Statement[];
  readonly resolve: (results: Answers['results']) => void;
  readonly reject: (error: unknown) => void;
}

export class SharedCommits {
  readonly #pool: pg.Pool;
  readonly #sharing = new Gathering<Asked>(SHARED_CONNECTIONS, TOGETHER_AT_MOST, (some) => this.#send(some));

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /**
   * Carries the statements out in a transaction, and commits.
   * @param isSmall it may share that transaction with others.
   * @returns the rows of each. @throws Error of the driver.
   */
  commit(statements: readonly Statement[], isSmall: boolean): Promise<Answers['results']> {
    return new Promise((resolve, reject) => {
      const asked = { statements, resolve, reject };
      if (isSmall) this.#sharing.add(asked);
      else void this.#send([asked]);
    });
  }

  async #send(some: readonly Asked[]): Promise<void> {
    const { results, failure } = await sendTogether(this.#pool, [TELL_OF_WRITING, ...some.flatMap(({ statements }) => statements)]);
    let first = 1;
    for (const asked of some) {
      const rows = results.slice(first, first + asked.statements.length);
      first += asked.statements.length;
      if (failure === undefined) asked.resolve(rows);
      else if (some.length === 1 || isOutOfReach(failure)) asked.reject(failure);
      else void this.#send([asked]);
    }
  }
}
