/** What the two databases say differently, as methods; no matching rule is decided here. */
import { searchTooLarge } from './search-time.ts';

/** What SQLite binds to a statement; PostgreSQL takes twice as many. */
const VALUES_AT_MOST = 32_766;

export type SqlValue = string | number | bigint | null | readonly bigint[];

export interface Dialect {
  /** The placeholder of parameter `n`, counted from 1. */
  placeholder(n: number): string;
  /** True when `column` (integer) is in the list bound to `placeholder`. */
  inIntegers(column: string, placeholder: string): string;
  /** Lists of up to so many integers are bound one by one, where taking a list apart costs more than to look one up; undefined where it does not. */
  readonly writtenOutUpTo?: number;
  /** True when `column` holds the text bound to `placeholder`, anywhere. */
  contains(column: string, placeholder: string): string;
  /** An EXISTS test that the database must run as a probe for each candidate, not turn into a join. */
  probe(select: string): string;
  /** ORDER BY for a CROSS JOIN whose first table comes in that order already; empty where a join keeps it. */
  orderOfJoin(terms: string): string;
  /** One of several SELECTs that each have an index in the order `order` (with its limit), in which all of them together are asked for. */
  inOrder(select: string, order: string): string;
  /** A SELECT that stands in FROM and must be run by itself, before what is joined to it. */
  fence(select: string): string;
  /** A condition, always true, under which the database stops a statement that has run too long; `column` makes it be asked for each row. Undefined where it stops by itself. */
  inTime?(column: string): string;
  /** True when `column` is among what the SELECT gives, which is found once and looked up for each candidate, never joined or started from. */
  lookedUp(column: string, select: string): string;
  /** A column compared in a probe without an index of its own being chosen: the rows of one resource lie together. */
  plain(column: string): string;
  /** The column of `resource` that `entry.target` holds of what is pointed at (see targets.ts). */
  readonly target: 'rid' | 'key';
  /** The condition that `version` is the current one of `resource` (aliases of those tables), by the shortest way. */
  currentVersion(resource: string, version: string): string;
  /** True where a round trip costs more than a look at few candidates, so that their page is asked for before it is known that they are few. */
  readonly asksFewAtOnce?: true;
  /** True where a page whose resources come as one text is cheaper than one with a text for each. */
  readonly joinsTexts?: true;
  /** True where texts may be asked for as bytes. */
  readonly givesBytes?: true;
}

/** SQL that is the same every time, written once for each dialect: a text made anew is compared with all statements anew. */
export function fixedSql(write: (dialect: Dialect) => string): (dialect: Dialect) => string {
  const written = new Map<Dialect, string>();
  return (dialect) => {
    const text = written.get(dialect) ?? write(dialect);
    written.set(dialect, text);
    return text;
  };
}

/** SQL being written, with the values of its parameters in order. */
export class SqlWriter {
  readonly values: SqlValue[] = [];
  readonly dialect: Dialect;
  #aliases = 0;

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }
  /** Adds a value and gives its placeholder. @throws FhirError 403 `too-costly` for more values than a statement can have. */
  bind(value: SqlValue): string {
    if (this.values.length === VALUES_AT_MOST) throw searchTooLarge();
    this.values.push(value);
    return this.dialect.placeholder(this.values.length);
  }
  /** True when `column` (integer) is one of these, at least one. */
  among(column: string, integers: readonly bigint[]): string {
    if (integers.length === 1) return `${column} = ${this.bind(integers[0] as bigint)}`;
    if (integers.length > (this.dialect.writtenOutUpTo ?? 0)) return this.dialect.inIntegers(column, this.bind(integers));
    return `${column} IN (${integers.map((integer) => this.bind(integer)).join(', ')})`;
  }
  /** `LIMIT n`. Written out: SQLite prepares a statement anew whenever another value is bound to its limit, three times what a lookup costs. */
  limit(n: number): string {
    if (!Number.isSafeInteger(n)) throw new TypeError('A limit is a whole number.');
    return `LIMIT ${n}`;
  }
  /** A table alias not used before in this statement. */
  alias(prefix: string): string {
    this.#aliases += 1;
    return `${prefix}${this.#aliases}`;
  }
}
