/** Whether the database is whole, as far as that can be told of it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { damageOf } from '../store/sqlite/damage.ts';

/**
 * Reads all of the SQLite file, which takes some 40 seconds for each gigabyte; its log grows meanwhile by what is written.
 * @throws Error naming the file when it is not there or is damaged, with what is; of PostgreSQL that it looks after its own files.
 */
export function assertWholeDatabase({ databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>): void {
  if (databaseUrl !== undefined) throw new Error('DATABASE_URL: whether PostgreSQL is whole is told by its own pg_amcheck');
  const file = join(dataDir, 'fellesplan.sqlite');
  if (!existsSync(file)) throw new Error(`FELLESPLAN_DATA: there is no database at ${file}`);
  const damage = told(file);
  if (damage.length > 0) throw new Error([`FELLESPLAN_DATA: ${file} is damaged: restore a backup`, ...damage].join('\n  '));
}

function told(file: string): readonly string[] {
  try {
    return damageOf(file);
  } catch (error) {
    return [(error as Error).message];
  }
}
