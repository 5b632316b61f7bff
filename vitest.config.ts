import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Threads and processes that tests start from the source take what V8 has made of it from where the command keeps it
// (bin/fellesplan.js); each would otherwise strip the types of all the server anew.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules', '.cache', 'fellesplan');

/** What takes longest, longest first: begun last, one of them would run on alone while the other cores have nothing to do. */
const LONGEST = [
  'package/package',
  'commands/hanging-workers',
  'conformance/smart/our-shared-service',
  'conformance/smart/our-shared-service-on-postgres',
  'conformance/smart/our-record-systems',
  'cli/store-commands',
  'smart-app/browser/launch',
  'smart-app/browser/accessibility',
  'conformance/smart/command',
  'e2e/production',
  'commands/workers',
  'store/durability',
  'smart-app/browser/access-log',
  'e2e/foreign-frame',
  'e2e/launch',
  'store/writer-thread',
  'cli/keys-and-clients',
  'cli/validate',
  'commands/audit-export',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const found = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return found === -1 ? LONGEST.length : found;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

/** One PostgreSQL for the whole run (test/support/postgres-setup.ts); every test takes a database of its own in it. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: ['test/support/postgres-setup.ts'],
    // Many tests wait for a database, a browser or a process: a worker for every core, where one less is usual, and three
    // where there are two cores.
    maxWorkers: Math.max(3, availableParallelism()),
    // A worker loads the modules and the definitions once and keeps them from file to file: a third less to compute. Who
    // changes what others see (a clock, a global, the environment) puts it back, here or in a hook of its own.
    isolate: false,
    restoreMocks: true,
    unstubGlobals: true,
    sequence: { sequencer: LongestFirst },
    // Only what hangs comes to this, also where many tests share two cores.
    testTimeout: 40_000,
    hookTimeout: 60_000,
  },
});
