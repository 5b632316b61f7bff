import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { searchWords } from '../../server/interactions/search-words.ts';
import type { SearchQuery } from '../../server/search/query.ts';
import type { ResourceStore, SearchMatch } from '../../server/store/resource-store.ts';

const PAGES = 12;

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Twelve pages of a match each, with what is still held of them when the last one is asked for. */
function storeOfPages() {
  const given: WeakRef<SearchMatch>[] = [];
  let held: number | undefined;
  const search = async ({ after }: SearchQuery) => {
    const place = after === undefined ? 0 : Number(after.id) + 1;
    const position = { values: [], type: 'Basic', id: String(place) };
    const match: SearchMatch = {
      ...position,
      versionId: 1,
      lastUpdatedMs: 0,
      method: 'PUT',
      json: JSON.stringify({ resourceType: 'Basic', code: { text: `ord ${place} ${'x'.repeat(1000)}` } }),
      position,
    };
    given.push(new WeakRef(match));
    // What a WeakRef has been made or asked for stays until the job of the event loop has ended.
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (place === PAGES - 1) {
      collectGarbage();
      held = given.slice(0, -1).filter((each) => each.deref() !== undefined).length;
    }
    return { matches: [match], more: place < PAGES - 1 };
  };
  return { store: { search } as unknown as ResourceStore, held: () => held };
}

const query: SearchQuery = { types: ['Basic'], where: { op: 'all' }, sort: [], limit: 0, total: 'accurate' };
const holds = (json: string) => json.includes('ord');

describe('a search for words', () => {
  it('counts matches without keeping them', async () => {
    const { store, held } = storeOfPages();
    expect(await searchWords(store, query, [holds])).toEqual({ matches: [], more: true, total: PAGES });
    expect(held()).toBeLessThanOrEqual(2);
  });

  it('keeps no more matches than a page has room for', async () => {
    const { store } = storeOfPages();
    const page = async (over: Partial<SearchQuery>) => {
      const { matches, more } = await searchWords(store, { ...query, total: 'none', ...over }, [holds]);
      return [matches.map(({ id }) => id), more];
    };
    expect(await page({ limit: 100, bytesMax: 3500 })).toEqual([['0', '1', '2'], true]);
    expect(await page({ limit: 100, bytesMax: 10 })).toEqual([['0'], true]);
    expect(await page({ limit: 2, bytesMax: 3500 })).toEqual([['0', '1'], true]);
    expect((await page({ limit: 12 }))[1]).toBe(false);
  });
});
