/**
 * Whether the database is one of Citus, which spreads schemas over nodes.
 *
 * Spec: https://docs.citusdata.com/en/stable/develop/api_udf.html
 */
import type pg from 'pg';

/** True where a statement may be carried out by another node than the one that is connected to. @throws Error of the driver. */
export async function isDistributed(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query("SELECT 1 FROM pg_proc WHERE proname = 'citus_schema_distribute' LIMIT 1");
  return rows.length > 0;
}
