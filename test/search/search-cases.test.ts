/** The tables of search cases: on the store in memory, and the same on both databases. */
import { describe } from 'vitest';
import { searchTables } from '../cases/search-tables.ts';
import { openMemoryStore } from '../support/memory-search.ts';
import { runSearchTables } from '../support/search-cases.ts';
import { onEachStore } from '../support/stores.ts';

describe('search cases in memory', () => {
  runSearchTables(searchTables, async () => openMemoryStore());
});

onEachStore('search cases', (open) => {
  runSearchTables(searchTables, () => open());
});
