/**
 * Builds the app into smart-app/dist when its sources have changed since the last build; otherwise does nothing.
 * Run before every start from a checkout. The published package carries dist and never runs this.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const APP = import.meta.dirname;
const STAMP = join(APP, 'dist', '.source-hash');

const hash = sourceHash();
if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== hash) {
  process.stdout.write('Building the app (only when it has changed) …\n');
  const { build } = await import('vite');
  await build({ root: APP, configFile: join(APP, 'vite.config.ts'), logLevel: 'warn' });
  writeFileSync(STAMP, hash);
}

/** One digest over the name and content of all that the build reads. */
function sourceHash(): string {
  const digest = createHash('sha256');
  const sources = readdirSync(APP, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !relative(APP, file).startsWith('dist'))
    .sort();
  for (const file of [...sources, join(APP, '..', 'package-lock.json')]) {
    digest.update(relative(APP, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return digest.digest('hex');
}
