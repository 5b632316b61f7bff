/** The list of what the product is made of (`npm sbom`): made offline, complete, and free of licences that bind its users. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const PERMISSIVE = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Python-2.0',
  'BlueOak-1.0.0',
  'WTFPL OR ISC',
]);
/** Packages that name no licence of the SPDX list: what their LICENSE file says, read by people. */
const READ_BY_PEOPLE: Readonly<Record<string, string>> = {
  fhirpath: 'terms of the U.S. National Library of Medicine: use, change and redistribution permitted, with attribution (as BSD-3-Clause)',
  '@lhncbc/ucum-lhc': 'the same terms, and the UCUM licence for the table of units',
  'emitter-component': 'MIT, as its repository says; this release itself names none',
};

interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses?: readonly { readonly license?: { readonly id?: string; readonly name?: string }; readonly expression?: string }[];
}

interface Sbom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly metadata: { readonly component: { readonly purl: string } };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

interface Locked {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Where everything lies that the product's own dependencies need, by the lock file: the nearest `node_modules` counts. */
function reachable(packages: Readonly<Record<string, Locked>>): ReadonlySet<string> {
  const found = new Set<string>();
  const follow = (from: string): void => {
    for (const name of Object.keys(packages[from]?.dependencies ?? {})) {
      let folder = from;
      while (folder !== '' && packages[`${folder}/node_modules/${name}`] === undefined)
        folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')));
      const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
      if (found.has(path)) continue;
      expect(packages[path], path).toBeDefined();
      found.add(path);
      follow(path);
    }
  };
  follow('');
  return found;
}

let sbom: Sbom;
/** `name@version` of all that is installed for those who use the product. */
let runtime: readonly string[];
beforeAll(async () => {
  const home = mkdtempSync(join(tmpdir(), 'fellesplan-sbom-'));
  writeFileSync(join(home, '.npmrc'), 'registry=http://127.0.0.1:9/\noffline=true\n');
  // With `--omit dev` npm leaves out packages that a development tool asks for as well.
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--userconfig', join(home, '.npmrc'), '--cache', home];
  const { stdout } = await promisify(execFile)('npm', args, { cwd: ROOT, maxBuffer: 32 * 1024 * 1024 });
  rmSync(home, { recursive: true });
  sbom = JSON.parse(stdout) as Sbom;
  const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> };
  runtime = [...reachable(packages)].map((path) => `${path.split('node_modules/').at(-1)}@${packages[path]!.version}`);
}, 60_000);

const licenceOf = ({ licenses = [] }: Component) =>
  licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name ?? '').join(' AND ');

describe('the SBOM of the product [CycloneDX 1.5]', () => {
  it('is made offline, in the format it says', () => {
    expect(sbom).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      metadata: { component: { purl: 'pkg:npm/fellesplan@0.1.0' } },
    });
    expect(sbom.serialNumber).toMatch(/^urn:uuid:[\da-f-]{36}$/);
    for (const { name, purl } of sbom.components) expect(purl, name).toMatch(/^pkg:npm\/\S+@\d/);
  });

  it('names everything that runs, at the version that is locked, and what each depends on', () => {
    expect(runtime.length).toBeGreaterThan(100);
    const named = new Set(sbom.components.map(({ name, version }) => `${name}@${version}`));
    expect(runtime.filter((each) => !named.has(each))).toEqual([]);
    const refs = new Set(sbom.dependencies.map(({ ref }) => ref));
    expect(sbom.dependencies.flatMap(({ dependsOn = [] }) => dependsOn).filter((ref) => !refs.has(ref))).toEqual([]);
  });

  it('has licences that permit use without binding those who use it', () => {
    const shipped = sbom.components.filter(({ name, version }) => runtime.includes(`${name}@${version}`));
    const others = shipped.filter((component) => !PERMISSIVE.has(licenceOf(component)) && READ_BY_PEOPLE[component.name] === undefined);
    expect(others.map((component) => `${component.name}: ${licenceOf(component)}`)).toEqual([]);
  });
});
