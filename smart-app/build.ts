/**
 * Builds the app into smart-app/dist when its sources have changed since the last build; otherwise does nothing. Beside each
 * file lie smaller ones for browsers that take them: the app is a third of its size then.
 * Run before every start from a checkout. The published package carries dist and never runs this.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const APP = import.meta.dirname;
const DIST = join(APP, 'dist');
const STAMP = '.source-hash';

const hash = sourceHash();
if (!isBuilt()) {
  process.stdout.write('Building the app (only when it has changed) …\n');
  // Whoever starts it: tests say `test`, and the app would be built for developers and stay so.
  process.env.NODE_ENV = 'production';
  const { build } = await import('vite');
  // Apart from what is served meanwhile, and from another build at the same time; not below node_modules, which may be another volume.
  const folder = join(APP, '..', '.cache', `app-${process.pid}`);
  await build({ root: APP, configFile: join(APP, 'vite.config.ts'), logLevel: 'warn', build: { outDir: folder } });
  compress(folder);
  writeFileSync(join(folder, STAMP), hash);
  take(folder);
}

function isBuilt(): boolean {
  const stamp = join(DIST, STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
}

/** Puts the new build in the place of the old one, unless another has done so first. */
function take(folder: string): void {
  try {
    rmSync(DIST, { recursive: true, force: true });
    renameSync(folder, DIST);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    if (!isBuilt()) throw error;
  }
}

/** Writes each file of the folder as brotli and as gzip too, for servers to send as they are. */
function compress(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }).filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const content = readFileSync(path);
    writeFileSync(`${path}.br`, brotliCompressSync(content));
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  }
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
