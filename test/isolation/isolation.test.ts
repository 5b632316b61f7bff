/**
 * Many clients do all kinds of things to the same few resources through several servers; what they were told must be as if
 * one thing had been done after the other, and whoever follows what changes must have met it all.
 * `ISOLATION_SEEDS` (`from-to`) and `ISOLATION_STEPS` make it longer.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { run } from './run.ts';
import { STORES, startServices } from './services.ts';

const [FIRST = 1, LAST = FIRST] = (process.env.ISOLATION_SEEDS ?? '1').split('-').map(Number);
const SEEDS = Array.from({ length: LAST - FIRST + 1 }, (_, at) => FIRST + at);
const STEPS = Number(process.env.ISOLATION_STEPS ?? 25);

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe.each(STORES)('clients of %s', (store) => {
  it.each(SEEDS)('are told what one server tells that does one thing after the other, seed %i', { timeout: 300_000 }, async (seed) => {
    const services = await startServices(store);
    closing.push(services.close);
    const { faults, written, missed } = await run(services, { seed, clients: 10, steps: STEPS });
    expect(faults).toEqual([]);
    expect(missed).toEqual([]);
    expect(written).toBeGreaterThan(10 * STEPS * 0.3);
  });
});
