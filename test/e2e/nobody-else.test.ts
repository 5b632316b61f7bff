import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoProcess, removeData, startDemo } from './demo-process.ts';
import { readItAll, signedIn } from './read-it-all.ts';

let demo: DemoProcess;
beforeAll(async () => {
  demo = await startDemo({ env: { FELLESPLAN_LOG: 'silent' } });
});
afterAll(async () => {
  await demo.stop();
  await removeData(demo);
});

describe('whoever reads all that they may of the whole population', { timeout: 60_000 }, () => {
  it.each<readonly [who: string, token: () => Promise<string>, patients: number]>([
    ['a patient', () => signedIn(demo.url, 'Ingrid Solberg \\(patient\\)'), 1],
    ['a relative', () => signedIn(demo.url, 'Anne Solberg Lidvik', 'Ingrid Solberg'), 1],
    ['a coordinator with a patient in context', () => signedIn(demo.url, 'Hanne Vikestad', 'Ingrid Solberg'), 1],
    ['a coordinating unit with a patient in context', () => signedIn(demo.url, 'Tone Åkerlund', 'Ingrid Solberg'), 1],
    ['the system of the municipality', () => demo.token('municipality-system'), 20],
    ['the system of the hospital', () => demo.token('hospital-system'), 20],
  ])('finds nobody named whom they do not see: %s', async (_who, token, patients) => {
    const { resources, own, foreign } = await readItAll(`${demo.url}/fhir`, await token());
    expect(foreign).toEqual([]);
    expect(resources).toBeGreaterThan(200);
    expect(own.size).toBeGreaterThanOrEqual(patients);
    if (patients === 1) expect(own.size).toBe(1);
  });
});
