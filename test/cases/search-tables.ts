/** All tables of search cases. */
import type { SearchTable } from '../support/search-cases.ts';
import { combinedTables } from './search-combined.ts';
import { containedTables } from './search-contained.ts';
import { dateTables } from './search-date.ts';
import { numberTables } from './search-number.ts';
import { referenceTables } from './search-reference.ts';
import { stringTables } from './search-string.ts';
import { tokenTables } from './search-token.ts';

export const searchTables: readonly SearchTable[] = [
  ...stringTables,
  ...tokenTables,
  ...dateTables,
  ...numberTables,
  ...referenceTables,
  ...combinedTables,
  ...containedTables,
];
