/**
 * Loads a release of a licensed code system into a data folder, where the terminology service finds it at its next start.
 *
 * Spec: https://hl7.org/fhir/R4/terminologies-systems.html#external
 */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeRelease, type ReleaseHead } from '../service/release-file.ts';
import { releaseFileName, releaseFolder } from '../service/releases.ts';
import { readCodeList } from './code-list.ts';
import { readLoinc } from './loinc.ts';
import { packRelease } from './pack-release.ts';
import type { Release } from './release.ts';
import { readSnomed } from './snomed.ts';

/** How each system that can be loaded is read. */
const READERS = {
  snomed: readSnomed,
  loinc: readLoinc,
  icd10: (path: string) => readCodeList('icd10', path),
  icpc2: (path: string) => readCodeList('icpc2', path),
} as const satisfies Readonly<Record<string, (path: string) => Release | Promise<Release>>>;

/** The data folder, where this is the first that needs it, is that of the databases. */
const OWNER_ONLY = 0o700;

export type ReleaseSystem = keyof typeof READERS;

export interface ImportOptions {
  readonly system: ReleaseSystem;
  /** The unpacked release: a folder, or for a code list its file. */
  readonly path: string;
  readonly dataFolder: string;
  /** The version, where the files do not say it. */
  readonly version?: string;
}

/**
 * Loads the release; one of the same system loaded before is replaced, whole or not at all.
 * @throws ReleaseError when the files are not a release of the system; Error when the folder cannot be written.
 */
export async function importRelease({ system, path, dataFolder, version }: ImportOptions): Promise<ReleaseHead> {
  const read = await READERS[system](path);
  const file = packRelease(version === undefined ? read : { ...read, version });
  const folder = releaseFolder(dataFolder);
  const target = join(folder, releaseFileName(system));
  const unfinished = `${target}.${process.pid}.new`;
  mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
  try {
    writeFileSync(unfinished, Buffer.concat(encodeRelease(file)), { flush: true });
    renameSync(unfinished, target);
  } catch (error) {
    // A disk that is full is not to stay so.
    rmSync(unfinished, { force: true });
    throw error;
  }
  return file.head;
}
