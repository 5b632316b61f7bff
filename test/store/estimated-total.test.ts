import { expect, it } from 'vitest';
import type { IndexEntry } from '../../server/search/index-entry.ts';
import type { Clause, SearchQuery } from '../../server/search/query.ts';
import type { ResourceStore } from '../../server/store/resource-store.ts';
import { onEachDatabase } from '../support/stores.ts';
import { version } from './version.ts';

const RESOURCES = 6_000;
const code = (value: string): IndexEntry => ({ kind: 'token', param: 'code', system: null, code: value });
const withCode = (value: string): Clause => ({ op: 'match', param: 'code', test: { kind: 'token', code: value } });

/** Every other resource is a Task, one Task in three is of the code `third`, one in a hundred of `rare`. */
async function fill(store: ResourceStore): Promise<void> {
  const writes = Array.from({ length: RESOURCES }, (_, n) => {
    const isTask = n % 2 === 0;
    const codes = [...(n % 6 === 0 ? [code('third')] : []), ...(n % 200 === 0 ? [code('rare')] : [])];
    return version(isTask ? 'Task' : 'Patient', `r${n}`, 1, isTask ? codes : []);
  });
  for (let first = 0; first < RESOURCES; first += 500) {
    await store.transact({ lookups: {}, build: () => ({ writes: writes.slice(first, first + 500), result: undefined }) });
  }
}

onEachDatabase('An estimated total', (open) => {
  it('is near the true one where more than a thousand match, and exact where fewer do', async () => {
    const { resources } = await open();
    await fill(resources);
    const total = async (where: Clause, kind: SearchQuery['total'], limit = 0): Promise<number> =>
      (await resources.search({ types: ['Task'], where, sort: [], limit, total: kind })).total ?? Number.NaN;
    expect(await total({ op: 'all' }, 'accurate')).toBe(3000);
    expect(Math.abs((await total({ op: 'all' }, 'estimate')) - 3000)).toBeLessThan(30);
    expect(Math.abs((await total({ op: 'not', clause: withCode('third') }, 'estimate')) - 2000)).toBeLessThan(20);
    expect(await total(withCode('third'), 'estimate', 20)).toBe(1000);
    expect(await total(withCode('rare'), 'estimate')).toBe(30);
  });
});
