import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createValidator } from '../../server/validation/create-validator.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';

const folder = new URL('../../profiles/generated/', import.meta.url);
const examples = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));
const JUNK: readonly unknown[] = [
  null,
  true,
  0,
  -1.5,
  '',
  'x',
  '#',
  'http://',
  [],
  [null],
  [[]],
  {},
  { resourceType: 'Patient' },
  { resourceType: 5 },
  { url: 3 },
  [{ code: [] }],
  'a'.repeat(5000),
];

/** The same numbers on every run. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** Puts junk in place of something, somewhere. */
function spoil(value: unknown, next: () => number): void {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Record<string, unknown>;
  const keys = Object.keys(holder);
  const key = keys[Math.floor(next() * keys.length)];
  if (key === undefined) return;
  if (next() < 0.35 || typeof holder[key] !== 'object') holder[next() < 0.1 ? `_${key}` : key] = JUNK[Math.floor(next() * JUNK.length)];
  else spoil(holder[key], next);
}

describe('the validator', () => {
  it('never throws, whatever stands where', { timeout: 120_000 }, () => {
    const validator = createValidator({ terminology: createTerminology() });
    const next = sequence(20_261_122);
    const thrown = new Set<string>();
    for (let turn = 0; turn < 2500; turn++) {
      const resource: unknown = JSON.parse(examples[turn % examples.length]!);
      for (let spoils = Math.ceil(next() * 3); spoils > 0; spoils--) spoil(resource, next);
      try {
        validator.validate(resource);
      } catch (error) {
        thrown.add(error instanceof Error ? (error.stack ?? '').split('\n').slice(0, 3).join(' ') : 'unknown');
      }
    }
    expect([...thrown]).toEqual([]);
  });
});
