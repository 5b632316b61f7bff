import { defineConfig } from 'vitest/config';

/** One PostgreSQL for the whole run (test/support/postgres-setup.ts); every test takes a database of its own in it. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: ['test/support/postgres-setup.ts'],
    // Many tests wait for a database, a browser or a process: a worker for every core, where one less is usual.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
