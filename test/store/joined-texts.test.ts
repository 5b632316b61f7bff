/** A page that is asked for as entries of a Bundle is the same page: match for match, and byte for byte. */
import { expect, it } from 'vitest';
import type { Clause, SearchQuery, SortKey } from '../../server/search/query.ts';
import { searchsetParts, searchsetText } from '../../server/search/searchset.ts';
import type { ResourceStore, SearchMatch, SearchPage } from '../../server/store/resource-store.ts';
import { onEachStore } from '../support/stores.ts';
import { version } from './version.ts';

const BASE = 'https://blåbær.example/fhir';
const WORDS = ['ås', '', 'čáhci', 'an "escaped" \\ one', '🌲 skog', 'plain'];
const byName: SortKey = { by: 'param', param: 'name', kind: 'string', descending: false };
const lastChanged: SortKey = { by: 'lastUpdated', descending: true };
const byDate: SortKey = { by: 'param', param: 'date', kind: 'range', descending: true };
const open: Clause = { op: 'match', param: 'status', test: { kind: 'token', code: 'open' } };

/** Forty tasks, every third without a name, and a patient. */
async function fill(store: ResourceStore): Promise<void> {
  const writes = Array.from({ length: 40 }, (_, n) => {
    const name = `${WORDS[n % WORDS.length]}${n}`;
    const index = [
      { kind: 'token' as const, param: 'status', system: 's', code: n % 4 === 0 ? 'done' : 'open' },
      { kind: 'range' as const, param: 'date', low: n / 3, high: n / 3 },
      ...(n % 3 === 0 ? [] : [{ kind: 'string' as const, param: 'name', normalized: name, value: name }]),
    ];
    const json = JSON.stringify({ resourceType: 'Task', id: `t${n}`, description: name });
    return { ...version('Task', `t${n}`, 1, index, Date.UTC(2026, 0, 1) + (n % 7)), json };
  });
  const all = [...writes, version('Patient', 'p', 1)];
  await store.transact({ lookups: {}, build: () => ({ writes: all, result: undefined }) });
}

const plain = ({ type, id, versionId, lastUpdatedMs, method, json, position }: SearchMatch) => ({
  type,
  id,
  versionId,
  lastUpdatedMs,
  method,
  json,
  position,
});

const bundle = { baseUrl: BASE, links: [], total: 3, issues: [{ severity: 'warning', code: 'not-supported', diagnostics: 'å' } as const] };

/** What is told of a search is a resource of its own each time. */
const withoutUuid = (text: string): string => text.replace(/urn:uuid:[0-9a-f-]{36}/, 'urn:uuid:');

function expectSame(joined: SearchPage, page: SearchPage): void {
  expect(joined.matches.map(plain)).toEqual(page.matches.map(plain));
  expect([joined.more, joined.total]).toEqual([page.more, page.total]);
  for (const match of joined.matches) if (match.ascii !== undefined) expect(Buffer.from(match.ascii, 'latin1').toString()).toBe(match.json);
  if (joined.entries === undefined) return;
  const included = [{ type: 'Patient', id: 'p', json: '{"resourceType":"Patient","name":"ø"}' }];
  for (const more of [{}, { included }]) {
    const set = { ...bundle, ...more, matches: page.matches };
    expect(withoutUuid(searchsetParts(set, joined.entries).text)).toBe(withoutUuid(searchsetText(set)));
    const { issues: _, ...quiet } = set;
    const { parts = [], text } = searchsetParts(quiet, joined.entries);
    expect(text).toBe(searchsetText(quiet));
    expect(Buffer.concat(parts.map((part) => Buffer.from(part as string))).toString()).toBe(text);
  }
}

onEachStore('a page as entries', (openStore) => {
  it.each<[string, Partial<SearchQuery>]>([
    ['in the order of creation', {}],
    ['of one kind only', { where: open }],
    ['by a name that some lack', { sort: [byName] }],
    ['by a name that some lack, of one kind', { sort: [byName], where: open }],
    ['the last changed first', { sort: [lastChanged] }],
    ['by a number with decimals', { sort: [byDate] }],
    ['by two keys', { sort: [lastChanged, byName] }],
    ['of every type', { types: [] }],
    ['with the total', { total: 'accurate' }],
    ['of nothing', { types: ['Goal'] }],
  ])('is the page, in every size and at every place: %s', async (_order, over) => {
    const store = await openStore();
    await fill(store);
    for (const limit of [1, 7, 26, 27, 40, 41, 100]) {
      let query: SearchQuery = { types: ['Task'], where: { op: 'all' }, sort: [], total: 'none', ...over, limit };
      for (;;) {
        const page = await store.search(query);
        expectSame(await store.search({ ...query, entriesBelow: BASE }), page);
        const [head, tail] = [page.matches[0]?.position, page.matches.at(-1)?.position];
        if (head !== undefined) {
          const { after: _, ...rest } = query;
          expectSame(await store.search({ ...rest, before: head, entriesBelow: BASE }), await store.search({ ...rest, before: head }));
        }
        if (!page.more || tail === undefined) break;
        query = { ...query, after: tail };
      }
    }
  });

  it('gives its texts in one where many match, if that is cheaper there', async () => {
    const store = await openStore();
    await fill(store);
    const page = await store.search({ types: ['Task'], where: { op: 'all' }, sort: [], total: 'none', limit: 10, entriesBelow: BASE });
    expect(page.entries === undefined || page.entries.length === 1).toBe(true);
    expect(page.matches).toHaveLength(10);
  });
});
