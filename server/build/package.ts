/**
 * Builds what the npm package carries: the server as JavaScript under `dist`, since Node strips no types inside
 * `node_modules`, with the files it reads at the same places beside it. Run by `npm pack`.
 *
 * Spec: https://nodejs.org/api/typescript.html#type-stripping-in-dependencies
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, sep } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const TARGET = join(ROOT, 'dist');
/** Folders whose files are read while the program runs. */
const READ_FROM = ['server', 'terminology/content', 'profiles/generated', 'smart-app/dist'];
/** What stands in them and is for those who develop: sources, texts about them, and what the demo is authored from. */
const LEFT_OUT = /\.(?:tsx?|md)$|^\.source-hash$/;
const FOLDERS_LEFT_OUT: ReadonlySet<string> = new Set(['server/build', 'server/demo/author']);

rmSync(TARGET, { recursive: true, force: true });
compile();
for (const folder of READ_FROM) copyFiles(folder);

function compile(): void {
  // Types are checked by `npm run check`, not here.
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  execFileSync(process.execPath, [compiler, '-p', join(import.meta.dirname, 'tsconfig.json')], { stdio: 'inherit' });
  // The compiler renames the modules of imports; those of worker threads are named by URL.
  for (const file of readdirSync(TARGET, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'))) {
    const path = join(TARGET, file);
    const text = readFileSync(path, 'utf8');
    const renamed = text.replace(/(new URL\('\.[^']*)\.ts(', import\.meta\.url\))/g, '$1.js$2');
    if (renamed !== text) writeFileSync(path, renamed);
  }
}

function copyFiles(folder: string): void {
  const source = join(ROOT, folder);
  if (!existsSync(source)) throw new Error(`${folder} is not there: the package would not be whole`);
  cpSync(source, join(TARGET, folder), {
    recursive: true,
    filter: (path) => !LEFT_OUT.test(basename(path)) && !FOLDERS_LEFT_OUT.has(relative(ROOT, path).split(sep).join('/')),
  });
}
