/**
 * Connections where the database gives no more of them: `max_connections`, or the limit of a role, is shared with other
 * processes and other programs. Those that this process has then serve it, one request after the other; after a while it
 * asks for more again.
 *
 * Spec: https://www.postgresql.org/docs/18/runtime-config-connection.html#GUC-MAX-CONNECTIONS
 */
import type pg from 'pg';

const NO_MORE = '53300';
const ASK_AGAIN_AFTER_MS = 10_000;

interface Supply {
  /** What the pool may have where the database gives it. */
  readonly max: number;
  /** Connections that are there. */
  count: number;
  refusedMs: number;
}

const supplies = new WeakMap<pg.Pool, Supply>();

/** Has the pool counted, whose connections are taken by `connectionOf`. */
export function countConnections(pool: pg.Pool): void {
  const supply: Supply = { max: pool.options.max, count: 0, refusedMs: 0 };
  supplies.set(pool, supply);
  pool.on('connect', () => {
    supply.count += 1;
  });
  pool.on('remove', () => {
    supply.count -= 1;
  });
}

/** A connection of the pool, new or one that others are done with. @throws Error of the driver when there is none at all. */
export async function connectionOf(pool: pg.Pool): Promise<pg.PoolClient> {
  const supply = supplies.get(pool);
  if (supply !== undefined && performance.now() - supply.refusedMs > ASK_AGAIN_AFTER_MS) pool.options.max = supply.max;
  for (;;) {
    try {
      return await pool.connect();
    } catch (error) {
      const isNoMore = error instanceof Error && 'code' in error && error.code === NO_MORE;
      if (!isNoMore || supply === undefined || supply.count === 0) throw error;
      supply.refusedMs = performance.now();
      pool.options.max = supply.count;
    }
  }
}
