/**
 * Finds the files of a release in the folder it was unpacked to.
 */
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ReleaseError } from './release.ts';

/**
 * The files under a folder, or the file itself, in order of name.
 * @throws ReleaseError when the path cannot be read, or is an archive.
 */
export function releaseFiles(path: string): readonly string[] {
  if (/\.(?:zip|gz|xlsx?)$/i.test(path))
    throw new ReleaseError(`${path}: unpack it (or save it as text) first, and name the folder or text file`);
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    throw new ReleaseError(`${path}: ${(error as Error).message}`);
  }
}

/** Those whose name matches. */
export function named(files: readonly string[], pattern: RegExp): readonly string[] {
  return files.filter((file) => pattern.test(basename(file)));
}
