/**
 * `fellesplan backup`: the whole store into one file, while servers go on.
 */
import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Command } from 'commander';
import type { BackupSize } from '../store/backup.ts';
import { writeWhole } from './whole-file.ts';

/**
 * State that a backup keeps: signing keys, so that those who have fetched them need no new ones; the key of page links;
 * accesses that have not come into the log yet.
 */
const STATE_KINDS = ['auth/shared/signing-key', 'page-token-key', 'audit-journal'] as const;
/** Adds the command. It sets the exit code: 0 done, 1 refused, 2 could not run. */
export function addBackupCommand(program: Command): void {
  program
    .command('backup')
    .description('write every version of every resource, and the keys, into a file; servers go on meanwhile')
    .argument('<file>', 'the file to make: NDJSON, compressed when its name ends in .gz. It holds health data and private keys')
    .action(backup);
}

async function backup(file: string): Promise<void> {
  const { Refusal, progress, withStore } = await import('./open-store.ts');
  const { backupLines } = await import('../store/backup.ts');
  await withStore(true, async ({ database }) => {
    if (existsSync(file)) throw new Refusal(`${file} is there already`);
    const told = progress('versions');
    let size: BackupSize = { state: 0, versions: 0 };
    const lines = async function* (): AsyncGenerator<string> {
      let written = 0;
      const all = backupLines(database, STATE_KINDS);
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
