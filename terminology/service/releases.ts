/**
 * The releases of licensed code systems that `fellesplan import-terminology` has put into the data folder.
 */
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
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

/** The bytes of a release, in memory that threads share. */
export interface ReleaseBytes {
  readonly file: string;
  readonly bytes: SharedArrayBuffer;
}

/** The releases loaded into a data folder; none when there is no such folder. */
export function readReleases(dataFolder: string): readonly ReleaseBytes[] {
  const folder = releaseFolder(dataFolder);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(EXTENSION));
  return names.sort().map((name) => ({ file: join(folder, name), bytes: sharedBytes(join(folder, name)) }));
}

/**
 * The releases as code systems.
 * @throws Error naming a file that cannot be used.
 */
export function openReleases(releases: readonly ReleaseBytes[]): readonly CodeSystem[] {
  return releases.map(({ file, bytes }) => {
    try {
      return new ReleaseCodeSystem(decodeRelease(new Uint8Array(bytes)));
    } catch (error) {
      throw new Error(`${file}: ${(error as Error).message}; load it again with import-terminology`);
    }
  });
}

function sharedBytes(file: string): SharedArrayBuffer {
  const opened = openSync(file, 'r');
  try {
    const bytes = new SharedArrayBuffer(fstatSync(opened).size);
    const view = new Uint8Array(bytes);
    for (let at = 0; at < view.length; ) {
      const count = readSync(opened, view, at, view.length - at, at);
      if (count === 0) break;
      at += count;
    }
    return bytes;
  } finally {
    closeSync(opened);
  }
}
