/**
 * Several statements in one write to the socket, answered in one: what costs most of a small statement is not its work but
 * the way there and back. The database carries them out one after the other, each with a snapshot of its own, in one
 * transaction: when one fails, none has happened.
 *
 * Spec: https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
import type pg from 'pg';
import type { Row, Statement } from '../sql/steps.ts';
import { isKept, nameOf, PREPARED_MAX, parserOf, toInput } from './connection.ts';

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
    client = await pool.connect();
  } catch (error) {
    return { results: [], failure: error instanceof Error ? error : new Error(String(error)), tookMs: performance.now() - startMs };
  }
  startMs = performance.now();
  const answers = await askTogether(client, statements);
  client.release(answers.failure);
  return { ...answers, tookMs: performance.now() - startMs };
}

interface Column {
  readonly name: string;
  readonly parse: (text: string) => string | number;
}

interface Prepared {
  readonly sql: string;
  readonly columns: readonly Column[];
}

/** What is prepared on a connection, by name. */
const prepared = new WeakMap<pg.Connection, Map<string, Prepared>>();

/** Closes what has not been used for long. */
function letGo(connection: pg.Connection, known: Map<string, Prepared>): void {
  if (known.size <= PREPARED_MAX) return;
  for (const [name, { sql }] of known) {
    if (isKept(sql)) continue;
    connection.close({ type: 'S', name }, true);
    known.delete(name);
  }
}

interface RowDescription {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
}

interface DataRow {
  readonly fields: readonly (string | null)[];
}

/** As the driver has it: a method for each message that comes back. */
class Pipeline implements pg.Submittable {
  /** The driver wraps it, so that it also ends what is not answered in time. */
  callback: (error: Error | null | undefined) => void;
  readonly #statements: readonly Statement[];
  readonly #names: readonly string[];
  readonly #results: Row[][] = [];
  #known: Map<string, Prepared> = new Map();
  #columns: readonly Column[] | undefined;
  #rows: Row[] = [];

  constructor(statements: readonly Statement[], done: (answers: Answers) => void) {
    this.#statements = statements;
    this.#names = statements.map(({ sql }) => nameOf(sql));
    this.callback = (failure) => done({ results: this.#results, ...(failure ? { failure } : {}) });
  }

  submit(connection: pg.Connection): void {
    this.#known = prepared.get(connection) ?? this.#known;
    prepared.set(connection, this.#known);
    const parsed = new Set<string>();
    connection.stream.cork();
    letGo(connection, this.#known);
    for (const [place, { sql, values }] of this.#statements.entries()) {
      const name = this.#names[place] as string;
      if (!this.#known.has(name)) {
        if (!parsed.has(name)) {
          // One that failed before it was answered may be there: to close what is not is no error, to parse what is would be.
          connection.close({ type: 'S', name }, true);
          connection.parse({ name, text: sql, types: [] }, true);
        }
        connection.describe({ type: 'S', name }, true);
        parsed.add(name);
      }
      connection.bind({ statement: name, values: values.map(toInput) }, true);
      connection.execute(null, true);
    }
    connection.sync();
    connection.stream.uncork();
  }

  handleRowDescription({ fields }: RowDescription): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({ name, parse: parserOf(dataTypeID) }));
  }

  handleDataRow({ fields }: DataRow): void {
    this.#columns ??= this.#known.get(this.#names[this.#results.length] as string)?.columns ?? [];
    const row: Record<string, string | number | null> = {};
    for (const [place, { name, parse }] of this.#columns.entries()) {
      const text = fields[place] ?? null;
      row[name] = text === null ? null : parse(text);
    }
    this.#rows.push(row);
  }

  handleCommandComplete(): void {
    const place = this.#results.length;
    const name = this.#names[place] as string;
    if (!this.#known.has(name)) this.#known.set(name, { sql: (this.#statements[place] as Statement).sql, columns: this.#columns ?? [] });
    this.#columns = undefined;
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
