import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MAY_WRITE } from '../../server/auth/access-rule/write-rule.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'access-and-log.md'), 'utf8');

it('the page says who may change what as the rule does', () => {
  const rows = [...page.matchAll(/^\| `([^`]+)` \| [^|]+ \| ([^|]+) \|$/gm)].map(([, name = '', who = '']) => [
    name,
    Object.fromEntries(who.split(', ').map((each) => each.split(' '))),
  ]);
  expect(Object.fromEntries(rows)).toEqual(MAY_WRITE);
});
