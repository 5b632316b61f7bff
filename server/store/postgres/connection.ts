/**
 * The pool of connections, the running of steps on one of them, and what a failed statement means.
 *
 * Spec: https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
import { hash } from 'node:crypto';
import pg from 'pg';
import { unavailable } from '../../fhir/errors.ts';
import type { SqlValue } from '../sql/dialect.ts';
import { searchTooLarge } from '../sql/search-time.ts';
import type { Row, Statement, Steps } from '../sql/steps.ts';
import type { DatabaseUrl } from './database-url.ts';
import { countConnections } from './scarce-connections.ts';

/** So many statements are kept prepared: one that is new takes the place of the one used longest ago, so that unusual searches do not fill the server's memory. */
export const PREPARED_MAX = 400;
/** The one used last comes last. */
const preparedNames = new Map<string, string>();

/**
 * Short queries gain nothing from being compiled. Pages are in memory, or on a disk without an arm: at the cost that is
 * standard, a table of some thousand rows is read whole to find a hundred of them. A process that hangs must not hold its
 * locks for ever.
 */
const SETTINGS = [
  'jit=off',
  'random_page_cost=1.1',
  'default_transaction_isolation=read\\ committed',
  'lock_timeout=5s',
  'idle_in_transaction_session_timeout=30s',
  'application_name=fellesplan',
];

/** What a statement of a write may take at least, however soon searches are stopped: longer than it may wait for a lock. */
const WRITE_TIMEOUT_MS = 10_000;
const begins = new WeakMap<pg.Pool, readonly Statement[]>();
const BEGIN: Statement = { sql: 'BEGIN', values: [] };
/** The server stops what takes too long. A server that has not even told so by then is gone, or the way to it. */
const SILENCE_MS = 5_000;
/** For a connection on which an answer is waited for: firewalls forget it otherwise, and nobody learns that the other end is gone. */
const KEEP_ALIVE_AFTER_MS = 10_000;
const DAY_MS = 86_400_000;
const READ_ONLY = '25006';

export interface PoolOptions {
  readonly url: DatabaseUrl;
  readonly connections: number;
  readonly searchTimeoutMs: number;
  /** When a statement that has not been answered has failed; left out: a little after the server would have stopped it. */
  readonly answerWithinMs?: number;
}

/** A pool whose sessions give bigint as number: sequence numbers and times stay below 2^53, and hashes are never read. */
export function openPool({ url, connections, searchTimeoutMs, answerWithinMs }: PoolOptions): pg.Pool {
  const { connectionString, schema, options = '' } = url;
  const settings = [...SETTINGS, `statement_timeout=${searchTimeoutMs}`, ...(schema === undefined ? [] : [`search_path=${schema}`])];
  const pool = new pg.Pool({
    connectionString,
    max: connections,
    options: `${options} ${settings.map((setting) => `-c ${setting}`).join(' ')}`,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    query_timeout: answerWithinMs ?? Math.max(searchTimeoutMs, WRITE_TIMEOUT_MS) + SILENCE_MS,
    connectionTimeoutMillis: 10_000,
    onConnect: assertPrimary,
    types: {
      getTypeParser: parserOf as typeof pg.types.getTypeParser,
    },
  });
  // A connection that breaks fails the statement under way, or is replaced at its next use. Between two statements, idle
  // or in use, it says so as an event, and one without a listener would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  countConnections(pool);
  if (searchTimeoutMs < WRITE_TIMEOUT_MS)
    begins.set(pool, [BEGIN, { sql: `SET LOCAL statement_timeout = ${WRITE_TIMEOUT_MS}`, values: [] }]);
  return pool;
}

/** A standby may be behind: what it holds is not shown as what is. @throws Error with the SQLSTATE of a write that is refused there. */
async function assertPrimary(client: Queryable): Promise<void> {
  const { rows } = await client.query<{ transaction_read_only: string }>('SHOW transaction_read_only');
  if (rows[0]?.transaction_read_only === 'on') throw Object.assign(new Error('the database takes no writes'), { code: READ_ONLY });
}

/** The statements that begin a transaction which writes, on a connection of this pool. */
export const beginOf = (pool: pg.Pool): readonly Statement[] => begins.get(pool) ?? [BEGIN];

/** A statement without parameters that may take as long as it takes. */
export const takingLong = (text: string): pg.QueryConfig & { readonly query_timeout: number } => ({ text, query_timeout: DAY_MS });

type Queryable = Pick<pg.ClientBase, 'query'>;

/** Lets the transaction take as long as it takes, whatever is set for others; not all settings are in every version. */
export async function takeYourTime(client: Queryable): Promise<void> {
  // At once: to look for the others may itself take longer than a search is given.
  await client.query('SET LOCAL statement_timeout = 0');
  const limits = "'{transaction_timeout,idle_in_transaction_session_timeout}'";
  await client.query(`SELECT set_config(name, '0', true) FROM pg_settings WHERE name = ANY (${limits})`);
}

/** The rows of one statement, which is not prepared. @throws Error of the driver. */
export async function query(client: Queryable, { sql, values }: Statement): Promise<readonly Row[]> {
  return (await client.query<Record<string, string | number | null>>(sql, values.map(toInput))).rows;
}

/** A value in PostgreSQL's text form. */
export function toInput(value: SqlValue): string | null {
  if (value === null || typeof value === 'string') return value;
  return Array.isArray(value) ? `{${value.join(',')}}` : String(value);
}

/** Gives what a column of this type holds, out of its text form. */
export function parserOf(type: number): (text: string) => string | number {
  return type === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(type, 'text');
}

/** The name under which a statement is prepared. */
export function nameOf(sql: string): string {
  const name = preparedNames.get(sql) ?? hash('sha256', sql).slice(0, 32);
  preparedNames.delete(sql);
  preparedNames.set(sql, name);
  const [oldest] = preparedNames.keys();
  if (preparedNames.size > PREPARED_MAX && oldest !== undefined) preparedNames.delete(oldest);
  return name;
}

/** True while a statement is to be kept prepared. */
export const isKept = (sql: string): boolean => preparedNames.has(sql);

/** Something that answers statements one by one. */
export interface Asked {
  ask(statement: Statement): Promise<readonly Row[]>;
}

/** Runs steps to their end. */
export async function run<Result>(asked: Asked, steps: Steps<Result>): Promise<Result> {
  let step = steps.next();
  while (!step.done) step = steps.next(await answered(asked, step.value));
  return step.value;
}

function answered(asked: Asked, statement: Statement): Promise<readonly Row[]> {
  const { beside } = statement;
  if (beside === undefined) return asked.ask(statement);
  return Promise.all([asked.ask(beside.statement), asked.ask(statement)]).then(([rowsBeside, rows]) => {
    beside.take(rowsBeside);
    return rows;
  });
}

/** Takes back what was done in the transaction that is open, if any. @returns why the connection is to be closed, if it is. */
export function rollBack(client: Queryable): Promise<Error | undefined> {
  return client.query('ROLLBACK').then(
    () => undefined,
    (failure: unknown) => (failure instanceof Error ? failure : new Error(String(failure))),
  );
}

/** The SQLSTATE of an error; empty for one that has none. */
export const codeOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
};

/** Serialization failure, deadlock, a lock waited for too long, or a key that another one took: start over from clean state. */
export const isRetryable = (error: unknown): boolean => ['40001', '40P01', '55P03', '23505'].includes(codeOf(error));

/** True for a statement that was stopped because it took too long, or because somebody wanted it. */
export const isStopped = (error: unknown): boolean => codeOf(error) === '57014';

/** A statement that is nested too deep, as only a search can be. */
const TOO_COMPLEX = '54001';

/** The error as the port promises it: 403 `too-costly` for a search that was stopped or is too large, 503 `transient` for another statement and when the database is out of reach, itself otherwise. */
export function portError(error: unknown, stopped: () => Error): unknown {
  if (isStopped(error)) return Object.assign(stopped(), { cause: error });
  if (codeOf(error) === TOO_COMPLEX) return Object.assign(searchTooLarge(), { cause: error });
  if (!isOutOfReach(error)) return error;
  const outage = unavailable('The database cannot be reached just now.');
  outage.cause = error;
  return outage;
}

/**
 * The connection is lost, the server stops, is at its limits or cannot read its files, or ends who takes too long; or it takes
 * no writes: a standby, or what was the primary until a moment ago.
 */
const OUT_OF_REACH = /^(08|57P|53|58|25P03|25P04|25006)/;

/** True when it is not the statement that failed, but the connection or the server. */
export function isOutOfReach(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  if (OUT_OF_REACH.test(code) || /^E(CONN|PIPE|HOST|TIMEDOUT|NOTFOUND|AI_)/.test(code)) return true;
  // For want of descriptors or ports on this side, and where the socket of a server that has stopped is gone.
  if ('syscall' in error && error.syscall === 'connect') return true;
  return /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error|pool after calling end|not queryable/.test(
    error.message,
  );
}
