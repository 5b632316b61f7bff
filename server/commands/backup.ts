/**
 * `fellesplan backup`: the whole store into one file, while servers go on.
 */
import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Command } from 'commander';
import type { BackupSize } from '../store/backup.ts';

/**
 * State that a backup keeps: signing keys, so that those who have fetched them need no new ones; the key of page links;
 * accesses that have not come into the log yet.
 */
const STATE_KINDS = ['auth/shared/signing-key', 'page-token-key', 'audit-journal'] as const;
/** It holds health data and private keys. */
const OWNER_ONLY = 0o600;

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
    await writeWhole(file, Readable.from(lines()));
    process.stdout.write(`${file}: ${size.versions} versions, ${size.state} entries of state\n`);
  });
}

/** The file appears under its name when all of it is on disk. */
async function writeWhole(file: string, content: Readable): Promise<void> {
  const partial = `${file}.partial`;
  const sink = createWriteStream(partial, { mode: OWNER_ONLY, flush: true });
  try {
    await (file.endsWith('.gz') ? pipeline(content, createGzip(), sink) : pipeline(content, sink));
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
