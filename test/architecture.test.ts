import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Who may import whom. A folder may import itself and what stands in its list; `main.ts` and `cli.ts` compose
 * everything. What is not in this table may not exist.
 */
const FACTS = ['fhir', 'definitions'];
const MEANING = [...FACTS, 'search', 'bundle', 'validation'];
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  fhir: [],
  definitions: ['fhir'],
  search: FACTS,
  bundle: FACTS,
  validation: FACTS,
  store: [...FACTS, 'search'],
  auth: [...MEANING, 'store'],
  audit: [...FACTS, 'search', 'auth', 'store'],
  interactions: [...MEANING, 'auth', 'audit', 'store', 'operations'],
  operations: [...MEANING, 'auth', 'audit', 'store', 'interactions'],
  subscriptions: [...MEANING, 'auth', 'store', 'interactions'],
  http: [...MEANING, 'auth', 'audit', 'store', 'interactions', 'operations', 'subscriptions'],
  'ehr-simulator': [...MEANING, 'auth', 'store', 'interactions', 'http'],
  'identity-provider': ['fhir', 'auth', 'store'],
  demo: ['fhir', 'auth'],
  packages: ['fhir'],
  telemetry: ['store'],
  conformance: ['fhir', 'definitions', 'validation'],
};
/** Files of `server/` itself that put the parts together. */
const COMPOSERS = ['main.ts', 'cli.ts', 'app.ts', 'config.ts', 'composition', 'commands', 'build'];
const ROOT = resolve(import.meta.dirname, '..');
const SOURCE_LINES_AT_MOST = 400;
const TEST_LINES_AT_MOST = 800;

interface Import {
  readonly file: string;
  readonly target: string;
}

const files = ['server', 'smart-app', 'terminology', 'profiles', 'test'].flatMap((folder) => sources(join(ROOT, folder)));
const imports = files.flatMap(importsOf);

describe('architecture', () => {
  it('lets server folders import only what the table allows', () => {
    const broken = imports.filter(({ file, target }) => {
      const [from, to] = [serverFolder(file), serverFolder(target)];
      if (from === undefined || to === undefined || from === to || COMPOSERS.includes(from)) return false;
      return !(MAY_IMPORT[from] ?? []).includes(to);
    });
    expect(broken).toEqual([]);
  });

  it('knows every folder of the server', () => {
    const unknown = files
      .map(serverFolder)
      .filter((folder) => folder !== undefined && !(folder in MAY_IMPORT) && !COMPOSERS.includes(folder));
    expect([...new Set(unknown)]).toEqual([]);
  });

  it('keeps Express in http, the simulator and the composition', () => {
    const allowed = /^server\/(http|ehr-simulator|composition)\/|^server\/(main|app)\.ts$|^test\//;
    expect(imports.filter(({ file, target }) => target === 'express' && !allowed.test(file))).toEqual([]);
  });

  it('lets only the composition name a store implementation', () => {
    const named = imports.filter(
      ({ file, target }) =>
        /^server\/store\/(sqlite|postgres)\//.test(target) && !/^server\/(main\.ts|cli\.ts|composition\/)|^test\//.test(file),
    );
    const own = (path: string) => path.split('/').slice(0, 3).join('/');
    expect(named.filter(({ file, target }) => own(file) !== own(target))).toEqual([]);
  });

  it('lets terminology know nothing of the server', () => {
    expect(imports.filter(({ file, target }) => file.startsWith('terminology/') && target.startsWith('server/'))).toEqual([]);
  });

  it('lets the server see of terminology no more than its port, but for the composition', () => {
    const seen = imports.filter(({ file, target }) => file.startsWith('server/') && target.startsWith('terminology/'));
    const allowed = (found: Import) =>
      found.target === 'terminology/terminology-service.ts' ||
      COMPOSERS.includes(serverFolder(found.file) ?? '') ||
      found.file.includes('/build/');
    expect(seen.filter((found) => !allowed(found))).toEqual([]);
  });

  it('lets the app talk to the server over HTTP only', () => {
    expect(imports.filter(({ file, target }) => file.startsWith('smart-app/') && /^(server|terminology)\//.test(target))).toEqual([]);
  });

  it('keeps features of the app apart', () => {
    const feature = (path: string) => /^smart-app\/src\/features\/([^/]+)\//.exec(path)?.[1];
    const crossed = imports.filter(({ file, target }) => feature(file) && feature(target) && feature(file) !== feature(target));
    expect(crossed).toEqual([]);
  });

  it('reads the environment in config.ts only', () => {
    const readers = files.filter((file) => file.startsWith('server/') && /process\.env/.test(readFileSync(join(ROOT, file), 'utf8')));
    expect(readers).toEqual(['server/config.ts']);
  });

  it('has no file with a name that says nothing', () => {
    expect(files.filter((file) => /(^|\/)(utils?|helpers?|common|misc|manager|base)\.tsx?$/.test(file))).toEqual([]);
  });

  it('keeps files small enough to read', () => {
    const tooLong = files
      .map((file) => ({ file, lines: readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1 }))
      .filter(({ file, lines }) => lines > (file.startsWith('test/') ? TEST_LINES_AT_MOST : SOURCE_LINES_AT_MOST));
    expect(tooLong).toEqual([]);
  });
});

function sources(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((file) => !/(^|\/)(node_modules|dist|generated|output)\//.test(file))
    .sort();
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/^\s*(?:import|export)\s[^'"]*?from\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|^import\s+'([^']+)'/gm)].map(
    (match) => {
      const target = match[1] ?? match[2] ?? match[3] ?? '';
      return { file, target: target.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(file), target)) : target };
    },
  );
}

function serverFolder(path: string): string | undefined {
  return /^server\/([^/]+)/.exec(path)?.[1];
}
