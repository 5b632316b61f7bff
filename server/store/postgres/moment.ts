/**
 * Reading as of one moment: a transaction that sees what was committed when its first statement began, and nothing of what
 * is committed after it.
 *
 * Spec: https://www.postgresql.org/docs/18/transaction-iso.html#XACT-REPEATABLE-READ
 */
import type pg from 'pg';
import type { ReadVersion } from '../resource-store.ts';
import { CLOCKS_APART_MS } from '../settled-time.ts';
import { resourceKeyOf } from '../sql/keys.ts';
import { numberIn, type Steps } from '../sql/steps.ts';
import { rollBack } from './connection.ts';
import { connectionOf } from './scarce-connections.ts';
import { Session } from './transaction.ts';

const BEGIN = { sql: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', values: [] };

const CURRENT = `SELECT count(*)::int AS current FROM unnest($1::bigint[], $2::int[]) AS w (key, version_id)
  JOIN resource r ON r.key = w.key AND r.version_id = w.version_id`;

/**
 * Whether all of these versions are current, and none may have been committed since they were begun to be read: what was
 * written with it and was asked for before would be missing. A version is no younger than its time says, but for what a
 * commit takes and for clocks that differ.
 */
export function* areCurrentSteps(versions: readonly ReadVersion[], nowMs: number): Steps<boolean> {
  if (versions.some(({ lastUpdatedMs }) => lastUpdatedMs > nowMs - CLOCKS_APART_MS)) return false;
  const keys = versions.map(({ type, id }) => BigInt(resourceKeyOf(type, id)));
  const numbers = versions.map(({ versionId }) => BigInt(versionId));
  const [row = {}] = yield { sql: CURRENT, values: [keys, numbers] };
  return numberIn(row, 'current') === versions.length;
}

/** Thrown where statements with snapshots of their own do not do. */
export class NeedsOneMoment extends Error {}

/** Whoever reads as of one moment keeps a connection and may ask for other things meanwhile: half of the connections are left for those. */
export class Moments {
  readonly #pool: pg.Pool;
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** Runs `work` with what reads as of the moment when it reads first; with nothing where there is but one connection. */
  async read<Result>(work: (session: Session | undefined) => Promise<Result>): Promise<Result> {
    const atMost = Math.floor(this.#pool.options.max / 2);
    if (atMost === 0) return work(undefined);
    if (this.#underWay >= atMost) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#underWay += 1;
    try {
      return await this.readAlone(work);
    } finally {
      // Whoever waits comes in the place of this one.
      const next = this.#waiting.shift();
      if (next === undefined) this.#underWay -= 1;
      else next();
    }
  }

  /** The same for what asks for nothing else meanwhile: it waits for nobody who may wait for it. */
  async readAlone<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    const client = await connectionOf(this.#pool);
    const session = new Session(client, [BEGIN]);
    try {
      const result = await work(session);
      // What was read is known: nobody waits for the end.
      void session.end().then(
        () => client.release(),
        (error: Error) => client.release(error),
      );
      return result;
    } catch (error) {
      session.leave();
      client.release(await rollBack(client));
      throw error;
    }
  }
}
