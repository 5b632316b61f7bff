/**
 * Store logic that needs several statements is written once, as a generator that yields statements and is given their
 * rows. SQLite runs it to the end without a pause, PostgreSQL awaits every answer: what is decided is the same.
 */
import type { SqlValue } from './dialect.ts';

export interface Statement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
  /** A column of texts that is given as their UTF-8 bytes, where the database can (see Dialect.givesBytes). */
  readonly asBytes?: string;
  /** What was asked before must have been answered as of the same moment. */
  readonly isOfOneMoment?: boolean;
  /** What is asked together with it and answered before it, where several are answered at once (see Dialect.asksFewAtOnce). */
  readonly beside?: Beside;
}

export interface Beside {
  readonly statement: Statement;
  readonly take: (rows: readonly Row[]) => void;
}

export type Row = Readonly<Record<string, string | number | null>>;

export type Steps<Result> = Generator<Statement, Result, readonly Row[]>;

export const textOf = (row: Row, column: string): string => String(row[column]);
export const numberIn = (row: Row, column: string): number => Number(row[column]);
