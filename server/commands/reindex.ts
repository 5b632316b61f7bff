/**
 * `fellesplan reindex`: what resources are found by, made anew, while servers read and write.
 */
import type { Command } from 'commander';

/** It writes index rows, and so counts among the processes that serve the database. */
const JOINS = true;

/** Adds the command. It sets the exit code: 0 done, 1 refused, 2 could not run. */
export function addReindexCommand(program: Command): void {
  program
    .command('reindex')
    .description('make anew what resources are found by; servers of the same version go on meanwhile, and no search misses a resource')
    .addHelpText('after', '\nExits 0 when done, 1 when it may not run now, 2 when it could not run. It may be run again at any time.')
    .action(reindex);
}

async function reindex(): Promise<void> {
  const { progress, withStore } = await import('./open-store.ts');
  await withStore(
    true,
    async ({ database, index, place }) => {
      const done = await database.reindex(index, progress('resources'));
      process.stdout.write(`${place}: ${done} resources\n`);
    },
    JOINS,
  );
}
