import { describe, expect, it } from 'vitest';
import { LatelyKept } from '../../server/store/sqlite/lately-kept.ts';

const keeping = () => new LatelyKept<number, string>({ count: 10, weight: 100, weightOf: (text) => text.length });

describe('what is kept lately', () => {
  it('is at least half of what may be, and at most all of it', () => {
    for (const [text, atMost] of [
      ['', 10],
      ['x'.repeat(20), 5],
    ] as const) {
      const kept = keeping();
      for (let key = 0; key < 100; key += 1) {
        kept.set(key, text);
        const left = Array.from({ length: key + 1 }, (_, n) => n).filter((n) => kept.get(n) !== undefined);
        expect(left.length).toBeLessThanOrEqual(atMost);
        expect(left.length).toBeGreaterThanOrEqual(Math.min(key + 1, Math.floor(atMost / 2)));
        expect(left.at(-1)).toBe(key);
      }
    }
  });

  it('is the value that was set last, also where others were set in between', () => {
    const kept = keeping();
    kept.set(1, 'old');
    for (let key = 2; key < 6; key += 1) kept.set(key, '');
    kept.set(1, 'new');
    for (let key = 6; key < 9; key += 1) kept.set(key, '');
    expect(kept.get(1)).toBe('new');
  });

  it('pushes nothing out by being set again', () => {
    const kept = keeping();
    kept.set(1, 'seldom');
    for (let n = 0; n < 1_000; n += 1) kept.set(2, 'x'.repeat(n % 40));
    expect(kept.get(1)).toBe('seldom');
  });

  it('is nothing after it was cleared', () => {
    const kept = keeping();
    for (let key = 0; key < 8; key += 1) kept.set(key, 'x');
    kept.clear();
    expect([0, 3, 7].map((key) => kept.get(key))).toEqual([undefined, undefined, undefined]);
  });
});
