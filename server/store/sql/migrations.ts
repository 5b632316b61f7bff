/** Migrations are numbered files, run forward at start under a lock; one that has been released is never changed. */
export interface Migration {
  readonly number: number;
  readonly sql: string;
}

/**
 * The migrations still to run on a database at `current`.
 * @throws Error when the database was made by a newer version than this one.
 */
export function pendingMigrations(all: readonly Migration[], current: number): readonly Migration[] {
  const newest = all.at(-1)?.number ?? 0;
  if (current > newest) throw new Error(`The database is at layout ${current}, this version knows ${newest}: use a newer version.`);
  return all.filter((migration) => migration.number > current);
}

/** A process that serves the database, by the clock of this one (see index-ledger.ts). */
export const servedBy = (now: string): string => `SELECT 1 FROM state WHERE kind = 'index-process' AND expires > ${now} LIMIT 1`;

/** Whoever serves a database goes on writing as it was: no command of a newer version may change it under their hands. */
export function stillServed(): Error {
  return new Error(
    'An earlier version serves the database, and this one would change its layout. Stop that one first (one that has crashed is forgotten after half a minute).',
  );
}
