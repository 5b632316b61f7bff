/** All layouts of the PostgreSQL database, oldest first. */
import type { Migration } from '../../sql/migrations.ts';
import { sql as first } from './0001-first.ts';
import { sql as norwegianOrder } from './0002-norwegian-order.ts';

export const migrations: readonly Migration[] = [
  { number: 1, sql: first },
  { number: 2, sql: norwegianOrder },
];
