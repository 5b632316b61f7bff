import { defineConfig } from 'vitest/config';

/** One PostgreSQL for the whole run (test/support/postgres-setup.ts); every test takes a database of its own in it. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: ['test/support/postgres-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
