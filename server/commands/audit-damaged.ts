/**
 * `fellesplan audit damaged`: where accesses lie that could not be read, and how they are taken out of the database once
 * somebody looks after them.
 */
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import { counted } from './counted.ts';
import { writeWhole } from './whole-file.ts';

const HELP = `
What somebody, or a disk, has damaged of the journal is in no line of the access log. It is kept as it was found, in the
database or as a file that ends in .broken, until it is taken away; "audit verify" tells of it as long. A file is taken
away by moving it. Keep both for the data protection officer: they hold who has seen whose plan.`;

/** Adds the command. It sets the exit code: 0 told, or written; 1 refused; 2 could not run. */
export function addAuditDamaged(audit: Command): void {
  audit
    .command('damaged')
    .description('tell where accesses lie that could not be read')
    .option('--out <file>', 'move those in the database into this new file, one line of JSON each')
    .addHelpText('after', HELP)
    .action(damaged);
}

async function damaged({ out }: { readonly out?: string }): Promise<void> {
  const { refuseToReplace, withStore } = await import('./open-store.ts');
  const { damagedPlaces, damagedRows } = await import('../audit/damaged.ts');
  await withStore(true, async ({ database: { state }, journalFolder: folder }) => {
    if (out === undefined) {
      for (const place of await damagedPlaces({ state, folder })) process.stdout.write(`${place}\n`);
      return;
    }
    refuseToReplace(out);
    const rows = await Array.fromAsync(damagedRows(state));
    await writeWhole(out, Readable.from(rows.map(({ id, value }) => `${JSON.stringify({ id, value })}\n`)));
    for (const { kind, id } of rows) await state.remove(kind, id);
    process.stderr.write(`${out}: ${counted(rows.length, 'row')}\n`);
  });
}
