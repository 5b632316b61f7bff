/** A database transaction on a connection of its own, started over from clean state when others got in between. */
import type pg from 'pg';
import { conflict } from '../../fhir/errors.ts';
import type { Row, Statement } from '../sql/steps.ts';
import { beginOf, isOutOfReach, isRetryable, rollBack } from './connection.ts';
import { type Answers, askTogether, sendTogether } from './pipeline.ts';
import { connectionOf } from './scarce-connections.ts';

const ATTEMPTS_MAX = 12;

/** Thrown within a transaction to start it over. */
export class StartOver extends Error {}

const COMMIT: Statement = { sql: 'COMMIT', values: [] };

interface Ahead {
  readonly statement: Statement;
  readonly take?: (rows: readonly Row[]) => void;
}

/** A transaction of the database that is open, or will be with the first that is asked. */
export class Session {
  readonly #client: pg.ClientBase;
  #ahead: readonly Ahead[];
  #isOpen = true;
  #hasBegun = false;

  constructor(client: pg.ClientBase, begin: readonly Statement[]) {
    this.#client = client;
    this.#ahead = begin.map((statement) => ({ statement }));
  }

  /** Has the statement carried out before whatever is asked next, in the same round trip; `take` is given its rows then. */
  askAhead(statement: Statement, take?: Ahead['take']): void {
    this.#ahead = [...this.#ahead, { statement, ...(take === undefined ? {} : { take }) }];
  }

  /** The rows of a statement. @throws Error of the driver. */
  async ask(statement: Statement): Promise<readonly Row[]> {
    const [rows = []] = await this.#askAll([statement]);
    return rows;
  }

  /** Has what is to be asked ahead asked now, if it has not been. @throws Error of the driver. */
  async askWhatIsAhead(): Promise<void> {
    if (this.#ahead.length > 0) await this.#askAll([]);
  }

  /** Carries these out and commits, unless that is done. @returns the rows of each. @throws Error of the driver; then nothing has happened. */
  async commit(statements: readonly Statement[] = []): Promise<Answers['results']> {
    if (!this.#isOpen) return [];
    const results = await this.#askAll([...statements, COMMIT]);
    this.#isOpen = false;
    return results;
  }

  /** Ends what only reads, if it has begun. */
  async end(): Promise<void> {
    const ended = this.#hasBegun ? this.commit() : undefined;
    this.leave();
    await ended;
  }

  /** From now on others have the connection: whoever still asks, beside what has failed, is refused. What is asked already is answered. */
  leave(): void {
    this.#isOpen = false;
  }

  async #askAll(statements: readonly Statement[]): Promise<Answers['results']> {
    if (!this.#isOpen) throw new Error('The transaction is over.');
    const ahead = this.#ahead;
    this.#ahead = [];
    this.#hasBegun = true;
    const { results, failure } = await askTogether(this.#client, [...ahead.map(({ statement }) => statement), ...statements]);
    if (failure !== undefined) throw failure;
    for (const [place, { take }] of ahead.entries()) take?.(results[place] as readonly Row[]);
    return results.slice(ahead.length);
  }
}

/**
 * Runs `work` in a transaction that is committed at its end, again from the start after a serialization failure, a deadlock
 * or `StartOver`.
 * @throws FhirError 409 `conflict` when that happens too often; otherwise whatever `work` throws, after a rollback.
 */
export function inTransaction<Result>(pool: pg.Pool, work: (session: Session) => Promise<Result>): Promise<Result> {
  return untilDone(async () => {
    const client = await connectionOf(pool);
    let broken: Error | undefined;
    try {
      const session = new Session(client, beginOf(pool));
      const result = await work(session);
      await session.commit();
      return result;
    } catch (error) {
      const failure = await rollBack(client);
      // A new connection may lead to the server that is now the primary.
      broken = failure ?? (isOutOfReach(error) ? (error as Error) : undefined);
      throw error;
    } finally {
      client.release(broken);
    }
  });
}

/**
 * The same for statements that are all known beforehand: in one round trip.
 * @throws FhirError 409 `conflict` as inTransaction; otherwise Error of the driver.
 */
export function inOneGo(pool: pg.Pool, statements: readonly Statement[]): Promise<void> {
  const begin = beginOf(pool);
  // Together they are a transaction without being called one; only one that may take longer has more to say.
  const isMore = begin.length > 1;
  return untilDone(async () => {
    const { failure } = await sendTogether(pool, isMore ? [...begin, ...statements, COMMIT] : statements);
    if (failure !== undefined) throw failure;
  });
}

async function untilDone<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let number = 1; ; number += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StartOver || isRetryable(error))) throw error;
      if (number >= ATTEMPTS_MAX) throw conflict('Others kept changing the same resources; try again.');
    }
    await pause(number);
  }
}

/** A little longer after each attempt, and by chance, so that those who met do not meet again. */
function pause(attempt: number): Promise<void> {
  const upToMs = Math.min(200, 2 ** attempt);
  return new Promise((resolve) => setTimeout(resolve, Math.random() * upToMs));
}
