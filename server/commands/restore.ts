/**
 * `fellesplan restore`: a backup into an empty store.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Command } from 'commander';
import type { BackupSize } from '../store/backup.ts';

/** It writes index rows, and so counts among the processes that serve the database. */
const JOINS = true;
/** What a file in gzip begins with, whatever its name is (RFC 1952, 2.3.1). */
const GZIP = Buffer.from([0x1f, 0x8b]);

const EXITS =
  '\nExits 0 when done, 1 when the file is not whole or the store not empty (nothing is written then), 2 when it could not run.';

/** Adds the command. It sets the exit code: 0 done, 1 refused and nothing changed, 2 could not run. */
export function addRestoreCommand(program: Command): void {
  program
    .command('restore')
    .description('write a backup into an empty store, before a server is started on it; people sign in anew')
    .argument('<file>', 'what `fellesplan backup` has made')
    .option('--check', 'only read the file to its end and tell what it holds; no store is needed, and nothing is written')
    .addHelpText('after', EXITS)
    .action(restore);
}

async function restore(file: string, { check = false }: { readonly check?: boolean }): Promise<void> {
  const { Refusal, progress, withRefusals, withStore } = await import('./open-store.ts');
  const { moveStaffNumbersAgain } = await import('../composition/staff-numbers/move-out.ts');
  const { checkBackup, isEmpty, restoreLines } = await import('../store/backup.ts');
  await withRefusals(async () => {
    // Asked before the store is opened, which makes one where there is none.
    const isPacked = await isGzip(file).catch((error: NodeJS.ErrnoException) => {
      throw new Error(error.code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read (${error.code})`);
    });
    const checked = (): Promise<BackupSize> =>
      checkBackup(linesOf(file, isPacked)).catch((error: unknown) => {
        throw new Refusal(`${file}: ${(error as Error).message}`);
      });
    if (check) return tell(`${file} is whole`, await checked());
    await withStore(
      false,
      async ({ database, index, place }) => {
        if (!(await isEmpty(database))) throw new Refusal(`${place} is not empty: a backup is restored into an empty store only`);
        await checked();
        // There is nothing to index yet; but if another version has been here, its ledger is put right.
        await database.reindex(index);
        await moveStaffNumbersAgain(database.state);
        tell(place, await restoreLines(database, linesOf(file, isPacked), index, progress('versions')));
      },
      JOINS,
    );
  });
}

function tell(what: string, size: BackupSize): void {
  process.stdout.write(`${what}: ${size.versions} versions, ${size.state} entries of state\n`);
}

/** Its name may say something else. @throws Error of the file system. */
async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(GZIP.length), 0, GZIP.length, 0);
    return buffer.subarray(0, bytesRead).equals(GZIP);
  } finally {
    await handle.close();
  }
}

/** @throws Error when the file cannot be read or unpacked. */
async function* linesOf(file: string, isPacked: boolean): AsyncGenerator<string> {
  const bytes = createReadStream(file);
  // The iteration below throws what goes wrong here.
  const input: Readable = isPacked ? pipeline(bytes, createGunzip(), () => undefined) : bytes;
  let rest = '';
  for await (const chunk of input.setEncoding('utf8')) {
    const lines = `${rest}${chunk as string}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
