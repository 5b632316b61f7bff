import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli, temporaryFolder } from '../cli/run-cli.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGES = [
  'README.md',
  'profiles/README.md',
  'terminology/SOURCES.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** The anchors of a page's headings. */
function anchorsOf(page: string): readonly string[] {
  const headings = [...page.matchAll(/^#+ (.*)$/gm)].map((match) => match[1] ?? '');
  return headings.map((text) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(PAGES)('%s', (page) => {
  it('links to what is there', () => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    const broken = links.filter(([, path = '', anchor]) => {
      const file = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(ROOT, file))) return true;
      return anchor !== undefined && !anchorsOf(read(file)).includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

it('every command that a page names is one', { timeout: 60_000 }, async () => {
  const named = PAGES.flatMap((page) => [...read(page).matchAll(/(?:`|npx )fellesplan ([a-z][a-z-]*)(?: ([a-z]+)(?=[ `]))?/g)]);
  const groups = new Map<string, string>();
  const helpOf = async (...command: string[]) => {
    const key = command.join(' ');
    const known = groups.get(key) ?? (await runCli([...command, '--help'], { cwd: temporaryFolder() })).stdout;
    groups.set(key, known);
    return known;
  };
  const wrong: string[] = [];
  for (const [text, command = '', next] of named) {
    if (!new RegExp(`^ {2}${command} `, 'm').test(await helpOf())) wrong.push(text);
    const help = await helpOf(command);
    if (next !== undefined && /^Commands:/m.test(help) && !new RegExp(`^ {2}${next}\\b`, 'm').test(help)) wrong.push(text);
  }
  expect(named.length).toBeGreaterThan(30);
  expect(wrong).toEqual([]);
});
