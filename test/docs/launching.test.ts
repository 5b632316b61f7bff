import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DEFAULT_EHR_SCOPE } from '../../smart-app/src/app/config.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(ROOT, 'docs/launching.md'), 'utf8');

it('the page names every way an exchange is refused for what a record system says, in the words the app is given', () => {
  const source = readFileSync(join(ROOT, 'server/auth/exchange-refusal.ts'), 'utf8');
  const reasons = [...source.matchAll(/^ {2}[a-zA-Z]+: '(.+)',$/gm)].map((match) => match[1] ?? '');
  // What only the app can do wrong is for who writes the app.
  const told = reasons.filter((reason) => !/_token_type|only urn:/.test(reason));
  const rows = [...page.matchAll(/^\| ((?:the|subject_token|a) [^|]+) \|/gm)].map((match) => match[1] ?? '');
  expect(told.length).toBeGreaterThan(10);
  expect(rows.filter((row) => told.includes(row))).toEqual(told);
});

it('the page asks for the scopes that the app asks for', () => {
  expect(page).toContain(`\`${DEFAULT_EHR_SCOPE}\``);
});
