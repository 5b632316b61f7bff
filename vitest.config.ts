import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Threads and processes that tests start from the source take what V8 has made of it from where the command keeps it
// (bin/fellesplan.js); each would otherwise strip the types of all the server anew.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules', '.cache', 'fellesplan');

/** What mostly waits, for a browser, a process or a time to pass: longest first. */
const WAITING = [
  'commands/hanging-workers.long',
  'conformance/smart/our-shared-service',
  'commands/workers.long',
  'conformance/smart/our-record-systems.long',
  'smart-app/browser/launch',
  'conformance/smart/spoilt-servers.long',
  'store/search-time',
  'smart-app/browser/every-page.long',
  'e2e/pages.long',
  'smart-app/browser/accessibility',
  'isolation/isolation',
  'smart-app/browser/hard-places.long',
  'operations/bulk',
  'attacks/machine',
  'conformance/smart/expiry.long',
  'e2e/launch',
  'cli/keys-and-clients',
  'store/agreement',
  'smart-app/browser/access-log',
  'e2e/foreign-frame',
];

/** What computes for long, longest first: begun last, one of them would run on alone while the other cores have nothing to do. */
const COMPUTING = [
  'cli/store-commands.long',
  'interactions/r4-letter',
  'e2e/production',
  'conformance/smart/our-shared-service-on-postgres.long',
  'attacks/injection',
  'e2e/durability',
  'soak/concurrency.long',
  'soak/soak',
  'cli/validate',
  'store/writer-thread',
  'auth/random-sessions.long',
  'package/package',
  'attacks/reading',
  'profiles/build',
  'attacks/leaks',
  'conformance/smart/command',
  'auth/access-rule/access-matrix',
  'validation/trials',
  'validation/hostile.long',
  'commands/audit-export',
  'auth/races',
];

/** How many that compute are begun after each that waits, so that those which wait do not meet while cores are idle. */
const COMPUTING_FOR_ONE_WAITING = 3;

class WaitingAmongComputing extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const named = (names: readonly string[]): TestSpecification[] =>
      names.flatMap((name) => sorted.filter(({ moduleId }) => moduleId.endsWith(`/test/${name}.test.ts`)));
    const waiting = named(WAITING);
    const computing = [...new Set([...named(COMPUTING), ...sorted])].filter((file) => !waiting.includes(file));
    const woven = waiting.flatMap((file) => [file, ...computing.splice(0, COMPUTING_FOR_ONE_WAITING)]);
    return [...woven, ...computing];
  }
}

/** What takes long and seldom finds what the others do not; the rest is done in six minutes on two cores. */
const LONG = 'test/**/*.long.test.ts';

/** One PostgreSQL for the whole run (test/support/postgres-setup.ts); every test takes a database of its own in it. */
export default defineConfig(({ mode }) => ({
  test: {
    include: mode === 'long' ? [LONG] : ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: mode === 'long' ? [] : [LONG],
    globalSetup: ['test/support/postgres-setup.ts'],
    // Many tests wait for a database, a browser or a process: a worker for every core, where one less is usual, and three
    // where there are two cores.
    maxWorkers: Math.max(3, availableParallelism()),
    // A worker loads the modules and the definitions once and keeps them from file to file: a third less to compute. Who
    // changes what others see (a clock, a global, the environment) puts it back, here or in a hook of its own.
    isolate: false,
    restoreMocks: true,
    unstubGlobals: true,
    sequence: { sequencer: WaitingAmongComputing },
    // Only what hangs comes to this, also where many tests share two cores.
    testTimeout: 40_000,
    hookTimeout: 60_000,
  },
}));
