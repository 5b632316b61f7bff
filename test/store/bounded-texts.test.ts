/** A page that may come to so many bytes ends before it would come to more, and the next one goes on from there. */
import { expect, it } from 'vitest';
import type { Clause, SearchQuery, SortKey } from '../../server/search/query.ts';
import type { ResourceStore, SearchMatch } from '../../server/store/resource-store.ts';
import { onEachStore } from '../support/stores.ts';
import { version } from './version.ts';

const BASE = 'https://blåbær.example/fhir';
const BYTES_MAX = 250_000;
/** Bytes of each text, of which 100,000 are large, and 60,000 are not. */
const SIZES = [100, 100_000, 60_000, 100_000, 100_000, 300_000, 100, 60_000, 60_000, 60_000, 60_000, 100, 100_000, 100];
const byName: SortKey = { by: 'param', param: 'name', kind: 'string', descending: true };
const open: Clause = { op: 'match', param: 'status', test: { kind: 'token', code: 'open' } };

async function fill(store: ResourceStore): Promise<void> {
  const writes = SIZES.map((size, n) => {
    const index = [
      { kind: 'token' as const, param: 'status', system: 's', code: 'open' },
      ...(n % 3 === 0 ? [] : [{ kind: 'string' as const, param: 'name', normalized: `n${n}`, value: `n${n}` }]),
    ];
    const json = JSON.stringify({ resourceType: 'Task', id: `t${n}`, description: 'å'.repeat(size / 2) });
    return { ...version('Task', `t${n}`, 1, index, Date.UTC(2026, 0, 1) + n), json };
  });
  await store.transact({ lookups: {}, build: () => ({ writes, result: undefined }) });
}

const told = (matches: readonly SearchMatch[]) => matches.map(({ id, json, position }) => ({ id, json, position }));
const bytesOf = (matches: readonly SearchMatch[]) => matches.reduce((sum, { json }) => sum + Buffer.byteLength(json), 0);

onEachStore('a page within so many bytes', (openStore) => {
  it.each(['forwards', 'backwards'] as const)('is followed by the others in the history as well, %s', async (direction) => {
    const store = await openStore();
    await fill(store);
    await store.transact({
      lookups: {},
      build: () => ({
        writes: [{ ...version('Task', 't1', 2, [], Date.UTC(2026, 0, 2)), method: 'DELETE', json: null }],
        result: undefined,
      }),
    });
    const { versions: all } = await store.history({ limit: 100 });
    expect(all).toHaveLength(SIZES.length + 1);
    for (const limit of [2, 100]) {
      let found: typeof all = [];
      let place: { beforeSequence?: number; afterSequence?: number } = direction === 'forwards' ? {} : { afterSequence: 0 };
      for (;;) {
        const page = await store.history({ limit, bytesMax: BYTES_MAX, ...place });
        const bytes = page.versions.reduce((sum, { json }) => sum + Buffer.byteLength(json ?? ''), 0);
        expect(bytes <= BYTES_MAX || page.versions.length === 1).toBe(true);
        expect(page.total).toBe(all.length);
        found = direction === 'forwards' ? [...found, ...page.versions] : [...page.versions, ...found];
        const last = page.versions.at(direction === 'forwards' ? -1 : 0)?.sequence;
        if (!page.more || last === undefined) break;
        place = direction === 'forwards' ? { beforeSequence: last } : { afterSequence: last };
      }
      expect(found).toEqual(all);
    }
  });

  it.each<[string, Partial<SearchQuery>]>([
    ['in the order of creation', {}],
    ['of one kind only', { where: open }],
    ['with the total', { where: open, total: 'accurate' }],
    ['by a name that some lack', { sort: [byName] }],
    ['the last changed first', { sort: [{ by: 'lastUpdated', descending: true }] }],
    ['of every type', { types: [] }],
    ['as entries', { entriesBelow: BASE }],
    ['as entries, by a name that some lack', { entriesBelow: BASE, sort: [byName] }],
  ])('is followed by the others, each with its text: %s', async (_order, over) => {
    const store = await openStore();
    await fill(store);
    for (const limit of [2, 5, 100]) {
      const whole: SearchQuery = { types: ['Task'], where: { op: 'all' }, sort: [], total: 'none', ...over, limit: 100 };
      const all = told((await store.search(whole)).matches);
      expect(all).toHaveLength(SIZES.length);
      for (const direction of ['after', 'before'] as const) {
        let found: typeof all = [];
        const last = direction === 'after' ? undefined : all.at(-1);
        let query: SearchQuery = { ...whole, limit, bytesMax: BYTES_MAX, ...(last === undefined ? {} : { before: last.position }) };
        for (;;) {
          const page = await store.search(query);
          if (whole.total !== 'none') expect(page.total).toBe(SIZES.length);
          expect(bytesOf(page.matches) <= BYTES_MAX || page.matches.length === 1).toBe(true);
          found = direction === 'after' ? [...found, ...told(page.matches)] : [...told(page.matches), ...found];
          const place = page.matches.at(direction === 'after' ? -1 : 0)?.position;
          if (!page.more || place === undefined) break;
          query = { ...query, [direction]: place };
        }
        expect(found).toEqual(direction === 'after' ? all : all.slice(0, -1));
      }
    }
  });

  it('holds as many as fit', async () => {
    const store = await openStore();
    await fill(store);
    const page = await store.search({ types: ['Task'], where: open, sort: [], total: 'none', limit: 100, bytesMax: BYTES_MAX });
    expect([page.matches.map(({ id }) => id), page.more]).toEqual([['t0', 't1', 't2'], true]);
  });

  it('reads many as far as they fit, the first of them whatever its size', async () => {
    const store = await openStore();
    await fill(store);
    const keys = (...numbers: readonly number[]) => numbers.map((n) => ({ type: 'Task', id: `t${n}` }));
    const read = async (numbers: readonly number[], bytesMax?: number) =>
      (await store.readMany(keys(...numbers), bytesMax)).map(({ id, json }) => [id, json?.length]);
    const all = await read([3, 1, 0, 5, 2]);
    expect(all).toHaveLength(5);
    expect(await read([3, 1, 0, 5, 2], BYTES_MAX)).toEqual(all.slice(0, 3));
    expect(await read([5, 0], BYTES_MAX)).toEqual([all[3]]);
    expect(await read([99, 2, 0], 0)).toEqual([all[4]]);
  });
});
