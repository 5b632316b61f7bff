import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFhirPackage } from '../../server/packages/fhir-package.ts';
import { runCli, temporaryFolder } from './run-cli.ts';

const GENERATED = join(import.meta.dirname, '../../profiles/generated');
const VERSION = (JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string }).version;

/** Runs the command, and unpacks what it has made as anybody would. */
async function unpacked(): Promise<{ readonly cwd: string; readonly folder: string }> {
  const cwd = temporaryFolder();
  const run = await runCli(['profiles', 'p.tgz'], { cwd });
  expect(run).toMatchObject({ exitCode: 0, stderr: `p.tgz: fellesplan.fhir#${VERSION}, ${readdirSync(GENERATED).length} resources\n` });
  execFileSync('tar', ['xzf', 'p.tgz'], { cwd });
  return { cwd, folder: join(cwd, 'package') };
}

const json = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;

describe('fellesplan profiles', () => {
  it('writes a FHIR package that says what it is and what it needs', async () => {
    const { folder } = await unpacked();
    expect(json(join(folder, 'package.json'))).toMatchObject({
      name: 'fellesplan.fhir',
      version: VERSION,
      type: 'IG',
      canonical: 'https://fellesplan.example/fhir',
      fhirVersions: ['4.0.1'],
      dependencies: { 'hl7.fhir.r4.core': '4.0.1' },
    });
  });

  it('holds every resource as it is generated, definitions beside package.json and examples in a folder of their own', async () => {
    const { folder } = await unpacked();
    const [definitions, examples] = [folder, join(folder, 'example')].map((path) =>
      readdirSync(path).filter((name) => /^[A-Z].*\.json$/.test(name)),
    ) as [string[], string[]];
    expect([...definitions, ...examples].sort()).toEqual([...readdirSync(GENERATED), 'ImplementationGuide-fellesplan.fhir.json'].sort());
    expect(examples.filter((name) => /^(StructureDefinition|ValueSet|CodeSystem|SearchParameter|OperationDefinition)-/.test(name))).toEqual(
      [],
    );
    for (const name of readdirSync(GENERATED)) {
      const file = [join(folder, name), join(folder, 'example', name)].find(existsSync)!;
      expect(readFileSync(file, 'utf8'), name).toBe(readFileSync(join(GENERATED, name), 'utf8'));
    }
  });

  it('has an index of each folder, with what is needed to find a definition', async () => {
    const { folder } = await unpacked();
    for (const path of [folder, join(folder, 'example')]) {
      const { files } = json(join(path, '.index.json')) as { files: { filename: string }[] };
      const held = readdirSync(path).filter((name) => /^[A-Z].*\.json$/.test(name));
      expect(files.map(({ filename }) => filename).sort()).toEqual(held.sort());
    }
    expect((json(join(folder, '.index.json')) as { files: unknown[] }).files).toContainEqual({
      filename: 'StructureDefinition-fp-care-plan.json',
      resourceType: 'StructureDefinition',
      id: 'fp-care-plan',
      url: 'https://fellesplan.example/fhir/StructureDefinition/fp-care-plan',
      version: VERSION,
      kind: 'resource',
      type: 'CarePlan',
      derivation: 'constraint',
    });
  });

  it('is valid: its ImplementationGuide, and its examples against the definitions in it', async () => {
    const { cwd } = await unpacked();
    expect(readFhirPackage(join(cwd, 'p.tgz'))).toMatchObject({ name: `fellesplan.fhir#${VERSION}` });
    const files = ['package/ImplementationGuide-fellesplan.fhir.json', 'package/example'];
    const run = await runCli(['validate', '--ig', 'p.tgz', '--level', 'error', ...files], { cwd });
    expect(run.stdout).toMatch(/ 0 invalid: 0 errors/);
    expect(run.exitCode).toBe(0);
  });

  it('is the same bytes each time, and replaces nothing', async () => {
    const { cwd } = await unpacked();
    await runCli(['profiles', 'again.tgz'], { cwd });
    expect(readFileSync(join(cwd, 'again.tgz')).equals(readFileSync(join(cwd, 'p.tgz')))).toBe(true);
    const { mtimeMs } = statSync(join(cwd, 'p.tgz'));
    expect(await runCli(['profiles', 'p.tgz'], { cwd })).toMatchObject({ exitCode: 1, stderr: 'fellesplan: p.tgz is there already\n' });
    expect(statSync(join(cwd, 'p.tgz')).mtimeMs).toBe(mtimeMs);
    expect((await runCli(['profiles'], { cwd })).exitCode).toBe(2);
  });
});
