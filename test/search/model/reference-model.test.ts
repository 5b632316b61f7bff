/**
 * Both stores, over HTTP, answer random searches, writes and histories of random resources as a naive reading of R4 does:
 * `search.ts` and `interactions.ts`, which know nothing of the server; expressions run in fhirpath.js over plain JSON.
 * `MODEL_SEEDS` and `MODEL_STEPS` make it longer: seeds from 1 on (or `from-to`), and searches or interactions for each.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { compareInteractions, compareSearches } from './compare.ts';
import { ALL_TYPES, startClock, startPeers } from './peers.ts';

const [FIRST = 1, LAST = FIRST] = (process.env.MODEL_SEEDS ?? '1-2').split('-').map(Number);
const SEEDS = Array.from({ length: LAST - FIRST + 1 }, (_, at) => FIRST + at);
const STEPS = Number(process.env.MODEL_STEPS ?? 50);
const TIMEOUT_MS = 3_600_000;

describe('a naive reading of R4', () => {
  const close: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const each of close.splice(0).reverse()) await each();
  });

  const begin = async (seed: number, writes: number) => {
    const clock = startClock();
    return { seed, writes, steps: STEPS, clock, peers: await startPeers(clock, close), allTypes: ALL_TYPES };
  };

  it.each(SEEDS)('finds the same by random searches, seed %i', { timeout: TIMEOUT_MS }, async (seed) => {
    const { faults, matched, refused } = await compareSearches(await begin(seed, 70));
    expect(faults).toEqual([]);
    expect(matched).toBeGreaterThan(STEPS / 5);
    expect(refused.length, refused.slice(0, 20).join('\n')).toBeLessThan(STEPS / 20);
  });

  it.each(SEEDS)(
    'foresees what comes of random interactions, and tells the same histories, seed %i',
    { timeout: TIMEOUT_MS },
    async (seed) => {
      const { faults } = await compareInteractions(await begin(seed, 30));
      expect(faults).toEqual([]);
    },
  );
});
