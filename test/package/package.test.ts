/**
 * The npm package as its users have it: packed, installed into an empty folder, and run there. It sees the packages it
 * depends on and nothing else of this checkout.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFhirPackage } from '../../server/packages/fhir-package.ts';
import { tarFiles } from '../../server/packages/tar.ts';
import { freePort } from '../support/free-port.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'fellesplan-package-'));
const home = join(folder, 'home');
const installed = join(home, 'node_modules', 'fellesplan');
/** npm talks to nobody: what it would need from elsewhere is an error. */
const env = {
  ...process.env,
  PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
  npm_config_offline: 'true',
  npm_config_update_notifier: 'false',
};
let names: readonly string[] = [];

beforeAll(async () => {
  await promisify(execFile)('npm', ['pack', '--pack-destination', folder], { cwd: ROOT, env });
  const { version, dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };
  const files = [...tarFiles(gunzipSync(readFileSync(join(folder, `fellesplan-${version}.tgz`))))];
  names = files.map(({ name }) => name.replace(/^package\//, ''));
  for (const [index, { content }] of files.entries()) write(join(installed, names[index]!), content);
  for (const name of Object.keys(dependencies)) link(join(ROOT, 'node_modules', name), join(home, 'node_modules', name));
  link(join(installed, 'bin', 'fellesplan.js'), join(home, 'node_modules', '.bin', 'fellesplan'));
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the npm package', () => {
  it('carries JavaScript and what it reads, and no sources or tests', () => {
    expect(names.filter((name) => /\.tsx?$|(^|\/)test\/|author\/|\.source-hash$/.test(name))).toEqual([]);
    expect(names).toEqual(
      expect.arrayContaining([
        'bin/fellesplan.js',
        'LICENSE',
        'NOTICE',
        'README.md',
        'dist/server/cli.js',
        'dist/server/commands/validate/worker.js',
        'dist/server/definitions/generated/validation-structures.json.br',
        'dist/terminology/content/r4/r4.json.br',
        'dist/profiles/generated/StructureDefinition-fp-care-plan.json',
        'dist/server/demo/stories/01-ingrid-solberg.json',
        'dist/smart-app/dist/launch.html',
      ]),
    );
  });

  it('carries every file that a thread is started from', () => {
    const started = readdirSync(join(ROOT, 'server'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => {
        const text = readFileSync(join(ROOT, 'server', name), 'utf8');
        const files = [...text.matchAll(/new Worker\(new URL\('\.\/([\w-]+)\.ts'/g)].map(([, file]) => `${file}.js`);
        return files.map((file) => join('dist', 'server', dirname(name), file).replaceAll('\\', '/'));
      });
    expect(started.length).toBeGreaterThan(2);
    expect(names).toEqual(expect.arrayContaining(started));
  });

  it('says what it can do', async () => {
    const { stdout } = await npx(['--help']);
    for (const command of ['demo', 'serve', 'token', 'validate']) expect(stdout).toMatch(new RegExp(`\\n {2}${command} `));
  });

  it('validates against the profiles it carries', async () => {
    const plan = readFileSync(join(ROOT, 'profiles', 'generated', 'CarePlan-care-plan-full.json'), 'utf8');
    writeFileSync(join(home, 'plan.json'), plan);
    writeFileSync(join(home, 'no-subject.json'), JSON.stringify({ ...(JSON.parse(plan) as object), subject: undefined }));
    expect((await npx(['validate', 'plan.json'])).exitCode).toBe(0);
    const { stdout, exitCode } = await npx(['validate', '--format', 'json', 'no-subject.json']);
    expect(exitCode).toBe(1);
    const [row] = JSON.parse(stdout) as { outcome: { issue: { severity: string; diagnostics: string }[] } }[];
    expect(row?.outcome.issue.filter(({ severity }) => severity === 'error')).toContainEqual(
      expect.objectContaining({ diagnostics: expect.stringContaining('CarePlan.subject') }),
    );
  });

  it('writes the profiles that it carries as a FHIR package', async () => {
    expect((await npx(['profiles', 'profiles.tgz'])).exitCode).toBe(0);
    expect(readFhirPackage(join(home, 'profiles.tgz')).definitions.length).toBeGreaterThan(50);
  });

  it('validates in threads', async () => {
    const line = JSON.stringify(JSON.parse(readFileSync(join(home, 'plan.json'), 'utf8')));
    const count = Math.ceil(17_000_000 / line.length);
    writeFileSync(join(home, 'many.ndjson'), `${line}\n`.repeat(count));
    const { stdout, exitCode } = await npx(['validate', 'many.ndjson']);
    expect(stdout).toMatch(new RegExp(`\\n${count} resources, 0 invalid`));
    expect(exitCode).toBe(0);
  }, 60_000);

  it('exits 2 when a command is not understood', async () => {
    expect(await npx(['validate', '--no-such-option'])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('unknown option') });
  });

  it('serves the demo with its population and the app', async () => {
    const port = await freePort();
    const child = spawn(process.execPath, [join(installed, 'bin', 'fellesplan.js'), 'demo'], {
      cwd: home,
      env: { ...env, PORT: String(port), FELLESPLAN_LOG: 'silent', FELLESPLAN_DATA: join(home, 'data') },
    });
    let output = '';
    child.stderr.on('data', (chunk) => {
      output += String(chunk);
    });
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
    });
    const closed = once(child, 'close');
    while (!output.includes('Ready.') && child.exitCode === null) await new Promise((done) => setTimeout(done, 50));
    expect(output).toMatch(/shared: \d+ of \d+ Bundles/);
    await expect.poll(() => output).toMatch(/ fellesplan token municipality-system\n/);
    for (const [path, content] of [
      ['/fhir/metadata', '"CapabilityStatement"'],
      ['/app/launch.html', '<!doctype html>'],
      ['/ehr/hospital', 'Fjordheim'],
      ['/', 'TOKEN=$(fellesplan token municipality-system)'],
    ] as const) {
      const answer = await fetch(`http://localhost:${port}${path}`);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(await answer.text()).toContain(content);
    }
    child.kill('SIGTERM');
    expect(await closed).toEqual([0, null]);
  }, 90_000);
});

async function npx(args: readonly string[]): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)('npx', ['--no-install', 'fellesplan', ...args], {
      cwd: home,
      env,
      maxBuffer: 100_000_000,
    });
    return { exitCode: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { exitCode: code, stdout, stderr };
  }
}

function write(path: string, content: Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { mode: path.includes('/bin/') ? 0o755 : 0o644 });
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}
