import { expect, it } from 'vitest';
import { textsBefore } from '../../server/interactions/written-about.ts';
import type { Found, SearchMatch } from '../../server/store/resource-store.ts';

const version = (id: string, json: string | null) => ({ type: 'Goal', id, versionId: 1, lastUpdatedMs: 0, method: 'PUT' as const, json });
const match = (id: string): SearchMatch => ({ ...version(id, ''), json: `found ${id}`, position: { values: [], type: 'Goal', id } });

it('knows what was there before thousands of writes by one look at what was found', () => {
  let looks = 0;
  const found: Found = {
    nowMs: 0,
    version: (_type, id) => (id === 'read' ? version(id, 'read') : id === 'gone' ? version(id, null) : undefined),
    get searches() {
      looks += 1;
      return [
        { matches: [match('a'), match('gone')], more: false },
        { matches: [match('b')], more: false },
      ];
    },
  };
  const textBefore = textsBefore(found);
  const texts = ['read', 'gone', 'a', 'b', 'new'].map((id) => textBefore({ type: 'Goal', id }));
  expect(texts).toEqual(['read', null, 'found a', 'found b', null]);
  expect(looks).toBe(1);
});
