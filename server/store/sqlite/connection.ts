/**
 * One connection to the SQLite file: settings, migrations, prepared statements. Everything here is synchronous, so a
 * transaction is never interleaved with anything else of this process. A commit is on disk when the log has been synced
 * (see write-ahead-log.ts), not before.
 *
 * Spec: https://sqlite.org/wal.html · https://sqlite.org/pragma.html#pragma_synchronous
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { SqlValue } from '../sql/dialect.ts';
import { pendingMigrations, servedBy, stillServed } from '../sql/migrations.ts';
import { searchTooLarge, searchTooLong } from '../sql/search-time.ts';
import type { Row, Statement, Steps } from '../sql/steps.ts';
import { migrations } from './migrations/all.ts';

const STATEMENTS_KEPT = 300;
/** What SQLite makes of a statement takes some sixteen times its text, outside of V8's heap; one this long is what somebody asks once. */
const LONGEST_KEPT = 10_000;
/** 64 MB of log: pages written again and again are copied into the file once. A quarter of it was a third slower (see test/bench/store.ts). */
const CHECKPOINT_PAGES = 16_000;

export class Connection {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #searchTimeoutMs: number;
  #deadlineMs = Number.POSITIVE_INFINITY;
  #inTurn = false;
  #dataVersionOfTurn: number | undefined;
  #statements = new Map<string, StatementSync>();
  #olderStatements = new Map<string, StatementSync>();
  /** The texts of statements that were asked for once, lately. */
  readonly #askedOnce = new Set<string>();

  /**
   * Opens the file (made when missing) and brings it to the newest layout.
   * @throws Error when it is no database, a newer version made it, or an earlier one serves it.
   */
  constructor(file: string, options: { readonly cacheBytes: number; readonly searchTimeoutMs: number }) {
    this.#file = file;
    this.#searchTimeoutMs = options.searchTimeoutMs;
    this.#database = new DatabaseSync(file, { timeout: 10_000 });
    this.#database.function('in_time', { directOnly: true }, (_rid) => this.#assertInTime());
    try {
      this.#database.exec(`
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        PRAGMA temp_store = MEMORY;
        PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
        PRAGMA journal_size_limit = 67108864;
      `);
      this.keepPages(options.cacheBytes);
      this.#migrate();
    } catch (error) {
      this.#database.close();
      throw namingFile(file, error);
    }
  }

  #migrate(): void {
    const versionNow = (): number => Number(this.#database.prepare('PRAGMA user_version').get()?.user_version);
    if (pendingMigrations(migrations, versionNow()).length === 0) return;
    this.exec('BEGIN IMMEDIATE');
    try {
      const current = versionNow();
      const pending = pendingMigrations(migrations, current);
      const isServed = current > 0 && this.#database.prepare(servedBy('?')).get(Date.now()) !== undefined;
      if (pending.length > 0 && isServed) throw stillServed();
      for (const { number, sql } of pending) this.exec(`${sql}; PRAGMA user_version = ${number}`);
      this.exec('COMMIT');
    } catch (error) {
      // Where the disk is full, SQLite has rolled back by itself.
      if (this.#database.isTransaction) this.exec('ROLLBACK');
      throw error;
    }
  }

  /** From now on so much memory is for pages of the file. */
  keepPages(bytes: number): void {
    this.exec(`PRAGMA cache_size = -${Math.ceil(bytes / 1024)}`);
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  /**
   * The prepared statement of this text. It is kept from the second time on, unless it is long, and forgotten when it is not
   * used while as many others are. What was never kept goes with the next collection of young objects; what was kept and
   * forgotten stays until all objects are looked through, for V8 does not know how much memory of SQLite's it holds.
   */
  prepare(sql: string): StatementSync {
    const kept = this.#statements.get(sql);
    if (kept !== undefined) return kept;
    const older = this.#olderStatements.get(sql);
    const statement = older ?? this.#prepareNew(sql);
    if (older === undefined && !this.#isAskedAgain(sql)) return statement;
    if (this.#statements.size >= STATEMENTS_KEPT) {
      this.#olderStatements = this.#statements;
      this.#statements = new Map();
    }
    this.#statements.set(sql, statement);
    return statement;
  }

  #isAskedAgain(sql: string): boolean {
    if (sql.length > LONGEST_KEPT) return false;
    if (this.#askedOnce.delete(sql)) return true;
    if (this.#askedOnce.size >= STATEMENTS_KEPT) this.#askedOnce.clear();
    this.#askedOnce.add(sql);
    return false;
  }

  #prepareNew(sql: string): StatementSync {
    try {
      return this.#database.prepare(sql);
    } catch (error) {
      throw isTooLarge(error) ? Object.assign(searchTooLarge(), { cause: error }) : error;
    }
  }

  /** @throws Error naming the file where that is damaged: an operator has others. */
  query({ sql, values }: Statement): readonly Row[] {
    try {
      return this.prepare(sql).all(...values.map(toInput)) as unknown as readonly Row[];
    } catch (error) {
      throw isDamage(error) ? namingFile(this.#file, error) : error;
    }
  }

  /**
   * Runs steps to their end, in whatever transaction is open.
   * @throws FhirError 403 `too-costly` when a search takes longer than it may.
   */
  run<Result>(steps: Steps<Result>): Result {
    this.#deadlineMs = performance.now() + this.#searchTimeoutMs;
    let step = steps.next();
    while (!step.done) step = steps.next(this.query(step.value));
    return step.value;
  }

  /**
   * Runs `read` on what is committed now. Everything that is read until the turn of the event loop ends, or until
   * `endTurn`, sees the same commits: to begin and end a read for each statement costs as much as to find a row.
   */
  readInTurn<Result>(read: () => Result): Result {
    if (!this.#inTurn && !this.#database.isTransaction) {
      this.prepare('BEGIN').run();
      this.#inTurn = true;
      setImmediate(() => this.endTurn());
    }
    return read();
  }

  /** A number that changes whenever another connection has committed something that is seen now. */
  dataVersion(): number {
    const known = this.#dataVersionOfTurn;
    if (known !== undefined) return known;
    const now = Number(this.prepare('PRAGMA data_version').get()?.data_version);
    if (this.#inTurn) this.#dataVersionOfTurn = now;
    return now;
  }

  /** What is read from now on sees all that is committed by now. To be called when a commit of another connection is known of. */
  endTurn(): void {
    if (!this.#inTurn) return;
    this.#inTurn = false;
    this.#dataVersionOfTurn = undefined;
    if (!this.#database.isTransaction) return;
    try {
      this.prepare('COMMIT').run();
    } catch {
      // After a page that could not be read. Whoever asked for it has been told; others are in nobody's way.
      if (this.#database.isTransaction) this.exec('ROLLBACK');
    }
  }

  #assertInTime(): number {
    if (performance.now() > this.#deadlineMs) throw searchTooLong(this.#searchTimeoutMs);
    return 1;
  }

  /** True between the beginning and the end of a write. */
  get inTransaction(): boolean {
    return this.#database.isTransaction && !this.#inTurn;
  }

  close(): void {
    this.endTurn();
    this.#statements.clear();
    this.#olderStatements.clear();
    this.#database.close();
  }
}

/** True for a statement that goes beyond what SQLite takes: only a search, which is written from what is asked, can be so large. */
function isTooLarge(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(?:Expression tree is too large|too many |at most \d+ tables in a join|parser stack overflow|Recursion limit)/i.test(error.message)
  );
}

/** SQLITE_IOERR and SQLITE_CORRUPT; the bits above say more of the same. */
const DAMAGED: readonly unknown[] = [10, 11];

/** True when a page could not be read, or makes no sense. */
function isDamage(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && DAMAGED.includes(Number(error.errcode) & 0xff);
}

/** What SQLite says of a file does not say which. */
function namingFile(file: string, error: unknown): unknown {
  const isSqlite = error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
  return isSqlite ? new Error(`${file}: ${error.message}`, { cause: error }) : error;
}

/** Lists travel as JSON text; 64-bit integers stay exact in it. */
function toInput(value: SqlValue): SQLInputValue {
  return Array.isArray(value) ? `[${value.join(',')}]` : (value as SQLInputValue);
}
