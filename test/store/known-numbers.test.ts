/** The table of numbers that the writer of SQLite remembers: what it tells is right, whatever it has forgotten. */
import { describe, expect, it } from 'vitest';
import { resourceKeyOf } from '../../server/store/sql/keys.ts';
import { KnownNumbers } from '../../server/store/sqlite/known-numbers.ts';

const keyOf = (n: number): bigint => resourceKeyOf('Task', `t${n}`);

describe('numbers that are remembered', () => {
  it('are told by their keys, and nothing is told of a key that was not given one', () => {
    const known = new KnownNumbers();
    expect([known.get(keyOf(1)), known.get(0n)]).toEqual([undefined, undefined]);
    known.set(keyOf(1), 17);
    known.set(0n, 18);
    expect([known.get(keyOf(1)), known.get(0n), known.get(keyOf(2))]).toEqual([17, 18, undefined]);
  });

  it.each([
    ['the first', 1],
    ['above 31 bits', 2 ** 31],
    ['just below 32 bits', 2 ** 32 - 1],
    ['above 32 bits', 2 ** 32],
    ['the largest that is exact', Number.MAX_SAFE_INTEGER],
  ])('may be as large as a row can have: %s', (_which, rid) => {
    const known = new KnownNumbers();
    known.set(keyOf(1), rid);
    expect(known.get(keyOf(1))).toBe(rid);
  });

  it('are told apart in one place by the whole key; the fifth there takes the place of the first', () => {
    const known = new KnownNumbers();
    // They have their lower 32 bits in common.
    const keys = [-2n, -1n, 0n, 1n, 2n].map((high) => (high << 32n) | 5n);
    for (const [place, key] of keys.entries()) known.set(key, place + 1);
    expect(keys.map((key) => known.get(key))).toEqual([undefined, 2, 3, 4, 5]);
  });

  it('are seven of eight of 200,000, none of them wrong', () => {
    const known = new KnownNumbers();
    for (let n = 1; n <= 200_000; n += 1) known.set(keyOf(n), n);
    let [right, wrong] = [0, 0];
    for (let n = 1; n <= 200_000; n += 1) {
      const told = known.get(keyOf(n));
      if (told === n) right += 1;
      else if (told !== undefined) wrong += 1;
    }
    expect(wrong).toBe(0);
    expect(right).toBeGreaterThan(175_000);
  });

  it('are none any more when all are forgotten', () => {
    const known = new KnownNumbers();
    known.set(keyOf(1), 17);
    known.clear();
    expect(known.get(keyOf(1))).toBeUndefined();
  });
});
