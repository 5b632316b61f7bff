import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFhirPackage } from '../../server/packages/fhir-package.ts';
import { MANIFEST, type PackageFiles, writeFolder, writeTgz } from './make-package.ts';
import { runCli, temporaryFolder } from './run-cli.ts';

const BASE = 'http://a.example/fhir';
const SYSTEM = `${BASE}/CodeSystem/colour`;
const VALUE_SET = `${BASE}/ValueSet/colour`;

/** A profile without a snapshot: an identifier is wanted, and an extension whose code comes from the package's value set. */
const files: PackageFiles = {
  'package.json': MANIFEST,
  '.index.json': { 'index-version': 2, files: [] },
  'StructureDefinition-coloured-patient.json': {
    resourceType: 'StructureDefinition',
    url: `${BASE}/StructureDefinition/coloured-patient`,
    name: 'ColouredPatient',
    status: 'active',
    fhirVersion: '4.0.1',
    kind: 'resource',
    abstract: false,
    type: 'Patient',
    baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient',
    derivation: 'constraint',
    differential: {
      element: [
        { id: 'Patient.extension', path: 'Patient.extension', slicing: { discriminator: [{ type: 'value', path: 'url' }], rules: 'open' } },
        {
          id: 'Patient.extension:colour',
          path: 'Patient.extension',
          sliceName: 'colour',
          min: 1,
          max: '1',
          type: [{ code: 'Extension', profile: [`${BASE}/StructureDefinition/colour`] }],
        },
        { id: 'Patient.identifier', path: 'Patient.identifier', min: 1 },
      ],
    },
  },
  'StructureDefinition-colour.json': {
    resourceType: 'StructureDefinition',
    url: `${BASE}/StructureDefinition/colour`,
    name: 'Colour',
    status: 'active',
    fhirVersion: '4.0.1',
    kind: 'complex-type',
    abstract: false,
    context: [{ type: 'element', expression: 'Patient' }],
    type: 'Extension',
    baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Extension',
    derivation: 'constraint',
    differential: {
      element: [
        { id: 'Extension.url', path: 'Extension.url', fixedUri: `${BASE}/StructureDefinition/colour` },
        {
          id: 'Extension.value[x]',
          path: 'Extension.value[x]',
          min: 1,
          type: [{ code: 'code' }],
          binding: { strength: 'required', valueSet: VALUE_SET },
        },
      ],
    },
  },
  [`${'long-name-'.repeat(12)}ValueSet-colour.json`]: {
    resourceType: 'ValueSet',
    url: VALUE_SET,
    status: 'active',
    compose: { include: [{ system: SYSTEM }] },
  },
  'CodeSystem-colour.json': {
    resourceType: 'CodeSystem',
    url: SYSTEM,
    status: 'active',
    content: 'complete',
    concept: [{ code: 'red' }, { code: 'blue' }],
  },
  'Questionnaire-one.json': {
    resourceType: 'Questionnaire',
    url: `${BASE}/Questionnaire/one`,
    status: 'active',
    item: [{ linkId: 'a', type: 'string', required: true }],
  },
  'example/Patient-x.json': { resourceType: 'StructureDefinition', url: `${BASE}/StructureDefinition/not-of-the-package` },
};

const colour = (code: string): object => ({ url: `${BASE}/StructureDefinition/colour`, valueCode: code });
const documents = {
  'in/1-good.json': { resourceType: 'Patient', identifier: [{ value: '1' }], extension: [colour('red')] },
  'in/2-colour.json': { resourceType: 'Patient', identifier: [{ value: '1' }], extension: [colour('green')] },
  'in/3-missing.json': { resourceType: 'Patient' },
  'in/4-answers.json': { resourceType: 'QuestionnaireResponse', questionnaire: `${BASE}/Questionnaire/one`, status: 'completed' },
};

describe('--ig', () => {
  it.each(['tgz', 'folder', 'unpacked'])('adds the definitions of a package given as %s, snapshots made', async (form) => {
    const cwd = writeFolder(temporaryFolder(), documents);
    const nested = Object.fromEntries(Object.entries(files).map(([name, content]) => [`package/${name}`, content]));
    const path = join(cwd, 'given');
    if (form === 'tgz') writeTgz(path, files);
    else writeFolder(path, form === 'unpacked' ? nested : files);
    const profile = ['--profile', `${BASE}/StructureDefinition/coloured-patient`];
    const { stdout, exitCode } = await runCli(
      ['validate', '--format', 'json', '--ig', path, ...profile, 'in/1-good.json', 'in/2-colour.json', 'in/3-missing.json'],
      {
        cwd,
      },
    );
    expect(errorsByFile(stdout)).toEqual({
      'in/1-good.json': [],
      'in/2-colour.json': [['code-invalid', 'Patient.extension[0].value.ofType(code)']],
      'in/3-missing.json': [
        ['structure', 'Patient'],
        ['structure', 'Patient'],
      ],
    });
    expect(exitCode).toBe(1);
  });

  it('adds Questionnaires that responses are held against', async () => {
    const cwd = writeFolder(temporaryFolder(), documents);
    const { stdout } = await runCli(['validate', '--format', 'json', '--ig', writeTgz(join(cwd, 'p.tgz'), files), 'in/4-answers.json'], {
      cwd,
    });
    expect(errorsByFile(stdout)).toEqual({ 'in/4-answers.json': [['required', expect.stringMatching(/^QuestionnaireResponse/)]] });
  });
});

describe('a FHIR package', () => {
  it('gives its definitions, long names and all, and nothing of its examples', () => {
    const { name, definitions } = readFhirPackage(writeTgz(join(temporaryFolder(), 'p.tgz'), files));
    expect(name).toBe('example.package#1.0.0');
    expect(definitions.map(({ url }) => url)).toEqual([
      `${BASE}/StructureDefinition/coloured-patient`,
      `${BASE}/StructureDefinition/colour`,
      VALUE_SET,
      SYSTEM,
      `${BASE}/Questionnaire/one`,
    ]);
  });

  it.each([
    ['is for another version', { 'package.json': { ...MANIFEST, fhirVersions: ['5.0.0'] } }, /is for FHIR 5\.0\.0, and R4/],
    ['has no definitions', { 'package.json': MANIFEST }, /there are no FHIR definitions in JSON here/],
    ['holds what is not JSON', { 'package.json': MANIFEST, 'ValueSet-x.json': '{' }, /ValueSet-x\.json is not JSON/],
  ])('is refused when it %s', (_why, content, message) => {
    expect(() => readFhirPackage(writeTgz(join(temporaryFolder(), 'p.tgz'), content as PackageFiles))).toThrow(message);
  });

  it('is refused when its archive is torn', () => {
    const path = writeTgz(join(temporaryFolder(), 'torn.tgz'), files);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length / 2));
    expect(() => readFhirPackage(path)).toThrow(/torn\.tgz/);
  });
});

function errorsByFile(stdout: string): Record<string, unknown> {
  const rows = JSON.parse(stdout) as { file: string; outcome: { issue: { severity: string; code: string; expression?: string[] }[] } }[];
  return Object.fromEntries(
    rows.map(({ file, outcome }) => [
      file,
      outcome.issue.filter(({ severity }) => severity === 'error').map(({ code, expression }) => [code, expression?.[0]]),
    ]),
  );
}
