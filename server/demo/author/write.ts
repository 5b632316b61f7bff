/**
 * Writes the demo population: `node server/demo/author/write.ts` puts every Bundle into server/demo as JSON. The same
 * specs always give the same bytes; a test compares.
 *
 * Spec: https://hl7.org/fhir/R4/bundle.html
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatJson } from './bundle.ts';
import { demoFiles } from './files.ts';

const DEMO_FOLDER = dirname(dirname(fileURLToPath(import.meta.url)));

for (const folder of ['stories', 'ehr']) await rm(join(DEMO_FOLDER, folder), { recursive: true, force: true });
for (const [path, bundle] of Object.entries(demoFiles())) {
  const file = join(DEMO_FOLDER, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, formatJson(bundle));
}
