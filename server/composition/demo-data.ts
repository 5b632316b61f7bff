/**
 * The mark of a database that holds the demo's people. Production does not serve such a database: invented people among
 * real ones are found out too late otherwise.
 */
import type { Database } from '../store/database.ts';

const MARK = ['demo', 'population'] as const;
/** In every demo population, also in that of a version which left no mark, or after a restore. */
const DEMO_PATIENT = 'ingrid-solberg';

/** Leaves the mark, before the first of them is loaded. */
export async function markAsDemo({ state }: Database): Promise<void> {
  await state.put(...MARK, {});
}

/** @throws Error when the database holds, or once held, the demo's people. */
export async function refuseDemoData({ state, resources }: Database): Promise<void> {
  const isDemo = (await state.has(...MARK)) || (await resources.read('Patient', DEMO_PATIENT)) !== undefined;
  if (isDemo) throw new Error('NODE_ENV=production: this database holds the invented people of the demo; production wants one of its own');
}
