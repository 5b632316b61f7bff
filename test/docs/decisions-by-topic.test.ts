import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const headings = [...read('DECISIONS.md').matchAll(/^## (\d+\. .*)$/gm)].map((match) => match[1] ?? '');
const entries = [...read('docs/decisions-by-topic.md').matchAll(/^- \[(.*)\]\(\.\.\/DECISIONS\.md#(.*)\)$/gm)];

it('the index of decisions holds each of them once, under its own title', () => {
  const number = (title: string) => Number.parseInt(title, 10);
  const listed = entries.map((match) => match[1] ?? '').sort((a, b) => number(a) - number(b));
  expect(listed).toEqual(headings);
});

it('each entry of it leads to its heading', () => {
  for (const [, title = '', anchor] of entries) {
    const slug = title.toLowerCase().replace(/[^\p{L}\p{N}_\- ]/gu, '');
    expect(anchor, title).toBe(slug.replaceAll(' ', '-'));
  }
});
