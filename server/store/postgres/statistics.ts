/**
 * What PostgreSQL's planner knows of the tables. PostgreSQL looks them through by itself, a minute or more after much has
 * come in; until then it takes a database of a million rows for an empty one, and searches are up to a hundred times
 * slower (`_has` on 60,000 resources: 71 ms instead of 0.2 ms). So it is asked to whenever this process has written as much again.
 *
 * Spec: https://www.postgresql.org/docs/18/sql-analyze.html
 */
import type pg from 'pg';
import { rollBack, takeYourTime, takingLong } from './connection.ts';
import { connectionOf } from './scarce-connections.ts';

const FIRST_AFTER = 1_000;
/** What statements look for, compare and order by. To sample the texts of resources as well takes two to three times as long. */
const SAMPLED = [
  'resource',
  'version (rid, version_id, seq, type, updated)',
  'entry (rid, param, n, part, hash, sys, target, low, high, text, label)',
];

export class Statistics {
  readonly #pool: pg.Pool;
  #written = 0;
  #nextAt = FIRST_AFTER;
  #underWay: Promise<void> | undefined;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** To be told of each commit, with how many resources it wrote. The tables are looked through beside what goes on. */
  wrote(resources: number): void {
    this.#written += resources;
    if (this.#written < this.#nextAt || this.#underWay !== undefined) return;
    this.#nextAt = 2 * this.#written;
    this.#underWay = this.refresh()
      // They are only about speed, and PostgreSQL itself comes by later.
      .catch(() => undefined)
      .finally(() => {
        this.#underWay = undefined;
      });
  }

  /** Looks the tables through: a sample of each, in well under a second whatever their size. @throws Error of the driver. */
  async refresh(): Promise<void> {
    const client = await connectionOf(this.#pool);
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      await takeYourTime(client);
      await client.query(takingLong(`ANALYZE ${SAMPLED.join(', ')}`));
      await client.query('COMMIT');
    } catch (error) {
      broken = await rollBack(client);
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** Resolves when nothing is under way. */
  async close(): Promise<void> {
    await this.#underWay;
  }
}
