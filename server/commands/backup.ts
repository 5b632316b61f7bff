/**
 * `fellesplan backup`: the whole store into one file, while servers go on.
 */
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Command } from 'commander';
import type { BackupSize, KeptState } from '../store/backup.ts';
import { writeWhole } from './whole-file.ts';

/** State that a backup keeps: signing keys, so that those who have fetched them need no new ones; the key of page links. */
const STATE_KINDS = ['auth/shared/signing-key', 'page-token-key'] as const;

const REPEATED = 'servers were bringing accesses into the log all the while; after a restore, some of the last seconds may be told twice';

const EXITS = '\nExits 0 when the file is there, whole; 1 when it was there already or there is nothing to keep; 2 when it could not run.';

/** Adds the command. It sets the exit code: 0 done, 1 refused, 2 could not run. */
export function addBackupCommand(program: Command): void {
  program
    .command('backup')
    .description('write every version of every resource, and the keys, into a file; servers go on meanwhile')
    .argument('<file>', 'the file to make: NDJSON, compressed when its name ends in .gz. It holds health data and private keys')
    .addHelpText('after', EXITS)
    .action(backup);
}

async function backup(file: string): Promise<void> {
  const { progress, Refusal, refuseToReplace, withStore } = await import('./open-store.ts');
  const { backupLines, beginVersions, isEmpty, isHalfRestored, stateOfKinds } = await import('../store/backup.ts');
  const { HALF_RESTORED } = await import('../composition/served-database.ts');
  const { copyJournal } = await import('../audit/journal-copy.ts');
  await withStore(true, async ({ database, journalFolder, place }) => {
    refuseToReplace(file);
    if (await isHalfRestored(database)) throw new Refusal(HALF_RESTORED);
    // No server has ever been started on it: it is hardly the one that was meant.
    if (await isEmpty(database)) throw new Refusal(`${place} is empty: there is nothing to keep`);
    const told = progress('versions');
    let size: BackupSize = { state: 0, versions: 0 };
    const journal = await copyJournal(
      { state: database.state, ...(journalFolder === undefined ? {} : { folder: journalFolder }) },
      () => beginVersions(database),
      ({ abandon }) => abandon(),
    );
    if (!journal.isApart) process.stderr.write(`fellesplan: ${REPEATED}\n`);
    const state = async function* (): AsyncGenerator<KeptState> {
      yield* stateOfKinds(database, STATE_KINDS);
      yield* journal.rows;
    };
    const lines = async function* (): AsyncGenerator<string> {
      let written = 0;
      const all = backupLines({ state: state(), versions: journal.begun.versions });
      for (let next = await all.next(); ; next = await all.next()) {
        if (next.done) {
          size = next.value;
          return;
        }
        yield next.value;
        told(++written);
      }
    };
    await writeWhole(file, Readable.from(lines()), file.endsWith('.gz') ? [createGzip()] : []);
    process.stdout.write(`${file}: ${size.versions} versions, ${size.state} entries of state\n`);
  });
}
