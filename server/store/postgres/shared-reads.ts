/**
 * What many requests read at the same time, asked in a few round trips: statements share connections.
 *
 * Whoever is behind a slow statement waits for it. So only those share whose text was answered quickly when it was last
 * asked; a text that is new, or was slow, has a connection to itself.
 */
import type pg from 'pg';
import type { Row, Statement } from '../sql/steps.ts';
import { isOutOfReach, PREPARED_MAX } from './connection.ts';
import { Gathering } from './gathering.ts';
import { sendTogether } from './pipeline.ts';

/** While this process reads what one connection has answered, the database is at work for the others. */
const SHARED_CONNECTIONS = 3;
const TOGETHER_AT_MOST = 32;
/** What takes no longer by itself may share; where statements that share take longer than this each, none of them may any more. */
const QUICK_MS = 10;

interface Asked {
  readonly statement: Statement;
  readonly resolve: (rows: readonly Row[]) => void;
  readonly reject: (error: unknown) => void;
}

export class SharedReads {
  readonly #pool: pg.Pool;
  readonly #sharing = new Gathering<Asked>(SHARED_CONNECTIONS, TOGETHER_AT_MOST, (some) => this.#send(some));
  readonly #quick = new Set<string>();

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** The rows of a statement that writes nothing, with all that was committed before. @throws Error of the driver. */
  ask(statement: Statement): Promise<readonly Row[]> {
    return new Promise((resolve, reject) => {
      const asked = { statement, resolve, reject };
      if (this.#quick.has(statement.sql)) this.#sharing.add(asked);
      else void this.#send([asked]);
    });
  }

  /** Asks, and settles each. Of those that share only the one at fault fails, and those behind it are asked by themselves. */
  async #send(some: readonly Asked[]): Promise<void> {
    const { results, failure, tookMs } = await sendTogether(
      this.#pool,
      some.map(({ statement }) => statement),
    );
    this.#learn(some, tookMs);
    for (const [place, asked] of some.entries()) {
      const rows = results[place];
      if (rows !== undefined) asked.resolve(rows);
      else if (place === results.length || isOutOfReach(failure)) asked.reject(failure);
      else void this.#send([asked]);
    }
  }

  /** As many texts are known as are kept prepared, those asked last. */
  #learn(some: readonly Asked[], tookMs: number): void {
    const areQuick = tookMs <= QUICK_MS * some.length;
    for (const { statement } of some) {
      this.#quick.delete(statement.sql);
      if (areQuick) this.#quick.add(statement.sql);
    }
    const [oldest] = this.#quick;
    if (this.#quick.size > PREPARED_MAX && oldest !== undefined) this.#quick.delete(oldest);
  }
}
