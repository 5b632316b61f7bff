/**
 * `fellesplan import-terminology`: loads a licensed release of a code system into the data folder.
 *
 * Spec: https://hl7.org/fhir/R4/terminologies-systems.html#external
 */
import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { ReleaseSystem } from '../../terminology/import/import-release.ts';
import { readConfig } from '../config.ts';

const SYSTEMS: readonly ReleaseSystem[] = ['snomed', 'loinc', 'icd10', 'icpc2'];

interface ImportTerminologyOptions {
  readonly system: ReleaseSystem;
  readonly release?: string;
}

/** Adds the command. */
export function addImportTerminologyCommand(program: Command): void {
  program
    .command('import-terminology')
    .description(
      'load a release of a code system that you have a licence for into the data folder; a running service reads it at its next start',
    )
    .argument('<path>', 'the unpacked release: SNOMED CT RF2 snapshot or LOINC folder, ICD-10 or ICPC-2 text file')
    .addOption(new Option('--system <system>', 'which code system it is').choices(SYSTEMS).makeOptionMandatory())
    .addOption(new Option('--release <version>', 'its version, where the files do not say it'))
    .action(importTerminology);
}

async function importTerminology(path: string, { system, release }: ImportTerminologyOptions): Promise<void> {
  if (!existsSync(path)) throw new Error(`there is no file or folder ${path}`);
  const { importRelease } = await import('../../terminology/import/import-release.ts');
  const dataFolder = readConfig('serve').dataDir;
  const head = await importRelease({ system, path, dataFolder, ...(release === undefined ? {} : { version: release }) });
  process.stdout.write(`${head.name}: ${head.concepts} concepts loaded into ${dataFolder} (${head.url}|${head.version ?? 'no version'})\n`);
}
