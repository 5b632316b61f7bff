/**
 * `npm run definitions`: compiles HL7's R4 definitions into the compact files under server/definitions/generated.
 *
 * Spec: https://hl7.org/fhir/R4/downloads.html
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compactSearchParameters } from './search-parameters.ts';
import { GENERATED_FOLDER, readCoreBundle } from './source.ts';
import { compactTypes } from './types.ts';

mkdirSync(GENERATED_FOLDER, { recursive: true });
const structures = [...readCoreBundle('profiles-types'), ...readCoreBundle('profiles-resources')];
write('types.json', compactTypes(structures, readCoreBundle('valuesets')));
write('search-parameters.json', compactSearchParameters(readCoreBundle('search-parameters')));

function write(name: string, text: string): void {
  writeFileSync(join(GENERATED_FOLDER, name), text);
  process.stdout.write(`${name}: ${Math.round(text.length / 1024)} kB\n`);
}
