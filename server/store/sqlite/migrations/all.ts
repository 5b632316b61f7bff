/** All layouts of the SQLite database, oldest first. */
import type { Migration } from '../../sql/migrations.ts';
import { sql as first } from './0001-first.ts';
import { sql as currentVersion } from './0002-current-version.ts';
import { sql as targetsByNumber } from './0003-targets-by-number.ts';
import { sql as norwegianOrder } from './0004-norwegian-order.ts';

export const migrations: readonly Migration[] = [
  { number: 1, sql: first },
  { number: 2, sql: currentVersion },
  { number: 3, sql: targetsByNumber },
  { number: 4, sql: norwegianOrder },
];
