/** The same at greater length: more clients and seeds, and on PostgreSQL server processes of their own. */
import { afterEach, describe, expect, it } from 'vitest';
import { run } from './run.ts';
import { STORES, startProcesses, startServices } from './services.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe('clients at greater length', { timeout: 60_000 }, () => {
  it.each([101, 102, 103])('of one server on SQLite are told what does one thing after the other, seed %i', async (seed) => {
    const services = await startServices(STORES[1]);
    closing.push(services.close);
    expect(await run(services, { seed, clients: 16, steps: 60 })).toMatchObject({ faults: [], missed: [] });
  });

  it.each([201, 202])('of three processes on PostgreSQL are told what does one thing after the other, seed %i', async (seed) => {
    const services = await startProcesses(3);
    closing.push(services.close);
    expect(await run(services, { seed, clients: 16, steps: 60 })).toMatchObject({ faults: [], missed: [] });
  });
});
