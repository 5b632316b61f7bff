/**
 * The releases of licensed code systems that `fellesplan import-terminology` has put into the data folder.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeSystem } from './code-system.ts';
import { ReleaseCodeSystem } from './release-code-system.ts';
import { decodeRelease } from './release-file.ts';

const FOLDER = 'terminology';
const EXTENSION = '.release';

/** The folder of the releases in a data folder. */
export function releaseFolder(dataFolder: string): string {
  return join(dataFolder, FOLDER);
}

/** The name of the file of a release. */
export function releaseFileName(system: string): string {
  return `${system}${EXTENSION}`;
}

/**
 * The code systems loaded into a data folder; none when there is no such folder.
 * @throws Error naming a file that cannot be used.
 */
export function loadReleases(dataFolder: string): readonly CodeSystem[] {
  const folder = releaseFolder(dataFolder);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(EXTENSION));
  return names.sort().map((name) => {
    try {
      return new ReleaseCodeSystem(decodeRelease(readFileSync(join(folder, name))));
    } catch (error) {
      throw new Error(`${join(folder, name)}: ${(error as Error).message}; load it again with import-terminology`);
    }
  });
}
