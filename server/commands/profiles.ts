/**
 * `fellesplan profiles`: the profiles that this version carries, as a FHIR package for other tools.
 */
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import { counted } from './counted.ts';

const HELP = `
The package (.tgz) holds the profiles with snapshots, extensions, value sets, code systems, questionnaires, search parameters,
operations, pathways and requirements, and examples of each profile. It needs nothing but hl7.fhir.r4.core.

  fellesplan profiles fellesplan.fhir.tgz
  fellesplan validate --ig fellesplan.fhir.tgz FILES…

Exits 0 when written, 1 when the file is there already or its folder is not, 2 when it could not run.`;

/** Adds the command. It sets the exit code: 0 written, 1 refused, 2 could not run. */
export function addProfilesCommand(program: Command): void {
  program
    .command('profiles')
    .description('write the profiles as a FHIR package, for validators, servers and authoring tools of others')
    .argument('<file>', 'the .tgz to make')
    .addHelpText('after', HELP)
    .action(write);
}

async function write(file: string): Promise<void> {
  const { refuseToReplace, withRefusals } = await import('./open-store.ts');
  const { readOwnResources } = await import('../definitions/load.ts');
  const { PACKAGE_NAME, profilesPackage } = await import('../packages/profiles-package.ts');
  const { SOFTWARE } = await import('../interactions/software.ts');
  const { writeWhole } = await import('./whole-file.ts');
  await withRefusals(async () => {
    refuseToReplace(file);
    const resources = readOwnResources();
    await writeWhole(file, Readable.from([profilesPackage(resources, SOFTWARE.version)]));
    process.stderr.write(`${file}: ${PACKAGE_NAME}#${SOFTWARE.version}, ${counted(resources.length, 'resource')}\n`);
  });
}
