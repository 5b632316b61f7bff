/**
 * The profiles as a FHIR package (`.tgz`), as other validators, servers and authoring tools load them.
 *
 * Spec: https://hl7.org/fhir/packages.html · https://confluence.hl7.org/display/FHIR/NPM+Package+Specification
 */
import { gzipSync } from 'node:zlib';
import { CANONICAL_BASE } from '../fhir/canonical.ts';
import type { Resource } from '../fhir/resource.ts';
import { tarArchive } from './write-tar.ts';

export const PACKAGE_NAME = 'fellesplan.fhir';
const FHIR_VERSION = '4.0.1';
const LICENCE = 'Apache-2.0';
/** All that is defined is called so; examples are not. */
const OWN_ID = /^fp-/;
/** What package readers look for without opening the file. */
const INDEXED = ['resourceType', 'id', 'url', 'version', 'kind', 'type', 'supplements', 'derivation'] as const;

/** The package of these resources (their JSON), definitions and examples: the same bytes for the same resources. */
export function profilesPackage(texts: readonly string[], version: string): Buffer {
  const resources = texts.map((text) => JSON.parse(text) as Resource);
  const definitions = resources.filter(isDefinition);
  const examples = resources.filter((resource) => !isDefinition(resource));
  const guide = implementationGuide(resources, version);
  const files: readonly (readonly [name: string, text: string])[] = [
    ['package.json', written(manifest(version))],
    ['.index.json', written(index([guide, ...definitions]))],
    ['example/.index.json', written(index(examples))],
    [fileOf(guide), written(guide)],
    // As they are, with the precision of their decimals.
    ...resources.map((resource, at) => [`${isDefinition(resource) ? '' : 'example/'}${fileOf(resource)}`, texts[at]!] as const),
  ];
  return gzipSync(tarArchive(files.map(([name, text]) => ({ name: `package/${name}`, content: Buffer.from(text) }))));
}

function written(content: unknown): string {
  return `${JSON.stringify(content, null, 1)}\n`;
}

function isDefinition({ id }: Resource): boolean {
  return OWN_ID.test(String(id));
}

function fileOf({ resourceType, id }: Resource): string {
  return `${resourceType}-${id}.json`;
}

function manifest(version: string): Readonly<Record<string, unknown>> {
  return {
    name: PACKAGE_NAME,
    version,
    title: 'Fellesplan',
    description: 'Norwegian profiles for coordinated care plans in FHIR R4',
    author: 'Fellesplan',
    license: LICENCE,
    type: 'IG',
    canonical: CANONICAL_BASE,
    fhirVersions: [FHIR_VERSION],
    dependencies: { 'hl7.fhir.r4.core': FHIR_VERSION },
    directories: { lib: 'package', example: 'example' },
  };
}

function index(resources: readonly Resource[]): Readonly<Record<string, unknown>> {
  const files = resources.map((resource) => ({
    filename: fileOf(resource),
    ...Object.fromEntries(INDEXED.flatMap((name) => (typeof resource[name] === 'string' ? [[name, resource[name]]] : []))),
  }));
  return { 'index-version': 2, files };
}

/** What tools show of a package, and how they tell an example from a definition. */
function implementationGuide(resources: readonly Resource[], version: string): Resource {
  return {
    resourceType: 'ImplementationGuide',
    id: PACKAGE_NAME,
    url: `${CANONICAL_BASE}/ImplementationGuide/${PACKAGE_NAME}`,
    version,
    name: 'Fellesplan',
    title: 'Fellesplan',
    status: 'active',
    publisher: 'Fellesplan',
    packageId: PACKAGE_NAME,
    license: LICENCE,
    fhirVersion: [FHIR_VERSION],
    definition: {
      resource: resources.map((resource) => ({
        reference: { reference: `${resource.resourceType}/${resource.id}` },
        name: typeof resource.title === 'string' ? resource.title : String(resource.id),
        ...(isDefinition(resource) ? { exampleBoolean: false } : exampleOf(resource)),
      })),
    },
  };
}

function exampleOf({ meta }: Resource): Readonly<Record<string, unknown>> {
  const profile: unknown = (meta as { readonly profile?: readonly unknown[] } | undefined)?.profile?.[0];
  return typeof profile === 'string' ? { exampleCanonical: profile } : { exampleBoolean: true };
}
