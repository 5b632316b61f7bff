import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { builtApp } from '../built-app.ts';

/** As it is sent: what the launch page, the redirect page and what they ask for at once come to. */
const FIRST_VIEW_AT_MOST_BYTES = 140_000;

let dist: string;
beforeAll(async () => {
  dist = await builtApp();
});

describe('the built app', () => {
  test('is made for its users, not for developers, whoever started the build', () => {
    const scripts = readdirSync(join(dist, 'assets')).filter((name) => name.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(3);
    for (const name of scripts) expect(readFileSync(join(dist, 'assets', name), 'utf8'), name).not.toContain('React DevTools');
  });

  test('shows a plan for less than 140 kB', () => {
    const pages = ['launch.html', 'index.html'];
    const asked = pages.flatMap((page) => [...readFileSync(join(dist, page), 'utf8').matchAll(/(?:src|href)="\/app\/(assets\/[^"]+)"/g)]);
    const files = [...new Set([...pages, ...asked.map(([, path = '']) => path)])];
    const bytes = files.map((file) => readFileSync(join(dist, `${file}.br`)).length).reduce((sum, each) => sum + each, 0);
    expect(files.length).toBeGreaterThan(5);
    expect(bytes).toBeLessThan(FIRST_VIEW_AT_MOST_BYTES);
  });
});
