/**
 * A file that is there whole or not at all: written under another name, and given its own when all of it is on disk.
 *
 * Spec: https://pubs.opengroup.org/onlinepubs/9799919799/functions/rename.html
 */
import type { BigIntStats } from 'node:fs';
import { lstat, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What commands write holds health data, or who has been where. */
const OWNER_ONLY = 0o600;

/**
 * Writes what comes, by way of `through`, for its owner alone. What a command that was broken off has left is replaced.
 * @throws Error of the file system, or when another command has begun the same file meanwhile: the file is not there then,
 * or is the other's.
 */
export async function writeWhole(file: string, content: Readable, through: readonly Transform[] = []): Promise<void> {
  const partial = `${file}.partial`;
  await rm(partial, { force: true });
  // Made anew: one that somebody else has laid there would keep its readers, or lead elsewhere.
  const handle = await open(partial, 'wx', OWNER_ONLY);
  const own = await handle.stat({ bigint: true });
  try {
    await pipeline([content, ...through, handle.createWriteStream({ flush: true })]);
    if (!(await isThere(partial, own))) throw new Error(`another command is writing ${file}`);
    await rename(partial, file);
    await syncFolder(dirname(file));
  } catch (error) {
    if (await isThere(partial, own)) await rm(partial, { force: true });
    throw error;
  }
}

/** True when the name still leads to this file: a second command that writes the same one has replaced it otherwise. */
async function isThere(name: string, { dev, ino }: BigIntStats): Promise<boolean> {
  const found = await lstat(name, { bigint: true }).catch(() => undefined);
  return found?.dev === dev && found.ino === ino;
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
