/** Numbers by chance that are the same for the same seed, on every machine (mulberry32). */

/** Whole numbers from 0 up to, and without, a bound. */
export type Below = (below: number) => number;

/** Numbers from 0 to 1. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The same as whole numbers. */
export function wholeFrom(seed: number): Below {
  const random = randomFrom(seed);
  return (below) => Math.floor(random() * below);
}
