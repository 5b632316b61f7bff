/**
 * A file that is there whole or not at all: written under another name, and given its own when all of it is on disk.
 *
 * Spec: https://pubs.opengroup.org/onlinepubs/9799919799/functions/rename.html
 */
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What commands write holds health data, or who has been where. */
const OWNER_ONLY = 0o600;

/**
 * Writes what comes, by way of `through`, for its owner alone. What a command that was broken off has left is replaced.
 * @throws Error of the file system; the file is not there then.
 */
export async function writeWhole(file: string, content: Readable, through: readonly Transform[] = []): Promise<void> {
  const partial = `${file}.partial`;
  try {
    await rm(partial, { force: true });
    // Made anew: one that somebody else has laid there would keep its readers, or lead elsewhere.
    await pipeline([content, ...through, createWriteStream(partial, { flags: 'wx', mode: OWNER_ONLY, flush: true })]);
    await rename(partial, file);
    await syncFolder(dirname(file));
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Until then the name could be lost, though the content is not. */
async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
