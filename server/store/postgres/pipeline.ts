/**
 * Several statements in one write to the socket, answered in one: what costs most of a small statement is not its work but
 * the way there and back. The database carries them out one after the other, each with a snapshot of its own, in one
 * transaction: when one fails, none has happened.
 *
 * Spec: https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
import type pg from 'pg';
import type { Row, Statement } from '../sql/steps.ts';
import { type Answered, listenTo } from './answering.ts';
import { isKept, nameOf, PREPARED_MAX, toInput } from './connection.ts';
import { type Asking, messagesOf } from './messages.ts';
import { type Column, columnsOf, KeptBytes, rowOf } from './rows.ts';
import { connectionOf } from './scarce-connections.ts';

/** Rows for each statement that was carried out, in their order, and what the next one failed by, if one did. */
export interface Answers {
  readonly results: readonly (readonly Row[])[];
  readonly failure?: Error;
}

/** The same with how long the database took, without the time until a connection was free if one came to be. */
export interface TimedAnswers extends Answers {
  readonly tookMs: number;
}

/** Asks all of them on a connection of which nothing else is asked meanwhile. Outside a transaction they are one by themselves. */
export function askTogether(client: pg.ClientBase, statements: readonly Statement[]): Promise<Answers> {
  return new Promise((resolve) => {
    client.query(new Pipeline(statements, resolve));
  });
}

/**
 * Carries the statements out on a connection of its own. All is committed then, unless there is a failure.
 * @returns the answers, with the error of the driver where a statement failed or the database is out of reach.
 */
export async function sendTogether(pool: pg.Pool, statements: readonly Statement[]): Promise<TimedAnswers> {
  let startMs = performance.now();
  let client: pg.PoolClient;
  try {
    client = await connectionOf(pool);
  } catch (error) {
    return { results: [], failure: error instanceof Error ? error : new Error(String(error)), tookMs: performance.now() - startMs };
  }
  startMs = performance.now();
  const answers = await askTogether(client, statements);
  client.release(answers.failure);
  return { ...answers, tookMs: performance.now() - startMs };
}

interface Prepared {
  readonly sql: string;
  readonly columns: readonly Column[];
}

/** What is prepared on a connection, by name. */
const prepared = new WeakMap<pg.Connection, Map<string, Prepared>>();

/** The name of what is not kept prepared, but planned for its values each time. */
const UNNAMED = '';
/**
 * From the sixth time on a prepared statement may be carried out by a plan for any values, which takes every list to be of
 * ten: one that was quick five times took up to ten times as long then, for who sees thousands of people.
 */
const LONG_LIST = 100;

const nameFor = ({ sql, values }: Statement): string =>
  values.some((value) => Array.isArray(value) && value.length >= LONG_LIST) ? UNNAMED : nameOf(sql);

/** The names of what has not been used for long, which is known no more. */
function letGo(known: Map<string, Prepared>): readonly string[] {
  if (known.size <= PREPARED_MAX) return [];
  const names = [...known].filter(([, { sql }]) => !isKept(sql)).map(([name]) => name);
  for (const name of names) known.delete(name);
  return names;
}

/** As the driver has it; the answers are taken before they come to the driver. */
class Pipeline implements pg.Submittable, Answered {
  /** The driver wraps it, so that it also ends what is not answered in time. */
  callback: (error: Error | null | undefined) => void;
  readonly #statements: readonly Statement[];
  readonly #names: readonly string[];
  readonly #results: Row[][] = [];
  #known: Map<string, Prepared> = new Map();
  #columns: readonly Column[] | undefined;
  #rows: Row[] = [];
  #kept: KeptBytes | undefined;

  constructor(statements: readonly Statement[], done: (answers: Answers) => void) {
    this.#statements = statements;
    this.#names = statements.map(nameFor);
    this.callback = (failure) => done({ results: this.#results, ...(failure ? { failure } : {}) });
  }

  submit(connection: pg.Connection): void {
    this.#known = prepared.get(connection) ?? this.#known;
    prepared.set(connection, this.#known);
    listenTo(connection, this);
    const closed = letGo(this.#known);
    const parsed = new Set<string>();
    const asked = this.#statements.map(({ sql, values }, place): Asking => {
      const name = this.#names[place] as string;
      const [isNew, isFirst] = [!this.#known.has(name), !parsed.has(name)];
      if (isNew && name !== UNNAMED) parsed.add(name);
      return { name, isDescribed: isNew, values: values.map(toInput), ...(isNew && isFirst ? { toPrepare: sql } : {}) };
    });
    // A connection that has ended says so by an event.
    if (connection.stream.writable) connection.stream.write(messagesOf(closed, asked));
  }

  columns(message: Buffer): void {
    this.#columns = columnsOf(message);
  }

  row(message: Buffer): void {
    this.#columns ??= this.#known.get(this.#names[this.#results.length] as string)?.columns ?? [];
    const { asBytes } = this.#statements[this.#results.length] as Statement;
    if (asBytes !== undefined) this.#kept ??= new KeptBytes(asBytes);
    this.#rows.push(rowOf(message, this.#columns, this.#kept));
  }

  completed(): void {
    const place = this.#results.length;
    const name = this.#names[place] as string;
    if (name !== UNNAMED && !this.#known.has(name))
      this.#known.set(name, { sql: (this.#statements[place] as Statement).sql, columns: this.#columns ?? [] });
    this.#columns = undefined;
    this.#kept?.giveTo(this.#rows);
    this.#kept = undefined;
    this.#results.push(this.#rows);
    this.#rows = [];
  }

  handleReadyForQuery(): void {
    this.callback(null);
  }

  handleError(error: Error): void {
    this.callback(error);
  }
}
