import { describe, expect, it } from 'vitest';
import { cutToSize } from '../../server/interactions/page-cut.ts';
import type { HistoryPage } from '../../server/store/resource-store.ts';

/** Versions of so many characters, a deletion for 0, newest first. */
function pageOf(sizes: readonly number[], more = false): HistoryPage {
  const versions = sizes.map((size, place) => ({
    type: 'Binary',
    id: 'b1',
    versionId: sizes.length - place,
    lastUpdatedMs: 0,
    method: 'PUT' as const,
    json: size === 0 ? null : 'x'.repeat(size),
    sequence: sizes.length - place,
    isNew: false,
  }));
  return { versions, more, total: 99 };
}

const cut = (sizes: readonly number[], isBackwards: boolean, more = false) => {
  const page = cutToSize(pageOf(sizes, more), isBackwards, 10);
  return [page.versions.map(({ sequence }) => sequence), page.more, page.total];
};

describe('a page of history', () => {
  it('stays as it is while it fits', () => {
    expect(cut([], false)).toEqual([[], false, 99]);
    expect(cut([4, 0, 6], false)).toEqual([[3, 2, 1], false, 99]);
    expect(cut([4, 0, 6], true, true)).toEqual([[3, 2, 1], true, 99]);
  });

  it('is cut where it no longer fits, and says that there is more', () => {
    expect(cut([4, 6, 1, 1], false)).toEqual([[4, 3], true, 99]);
    expect(cut([1, 1, 6, 4], true)).toEqual([[2, 1], true, 99]);
  });

  it('holds one version, however large', () => {
    expect(cut([50], false)).toEqual([[1], false, 99]);
    expect(cut([50, 1], false)).toEqual([[2], true, 99]);
    expect(cut([1, 50], true)).toEqual([[1], true, 99]);
  });
});
