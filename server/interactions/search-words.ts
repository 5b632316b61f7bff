/**
 * A search for words. No index holds them: what else is asked for is found by the store, and the words are sought in
 * what it finds, in pages, so that both stores answer alike and no write pays for it.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#content
 */
import { setImmediate } from 'node:timers/promises';
import { tooCostly } from '../fhir/errors.ts';
import type { CursorPosition, SearchQuery } from '../search/query.ts';
import type { WordTest } from '../search/words.ts';
import type { ResourceStore, SearchMatch, SearchPage } from '../store/resource-store.ts';

/** Resources that are read for one search. */
const READ_MAX = 20_000;
const PAGE = 250;

/**
 * The page of `query` whose resources pass all `tests`, as the store itself would give it.
 * @throws FhirError 403 `too-costly` when more than 20,000 resources would have to be read.
 */
export async function searchWords(store: ResourceStore, query: SearchQuery, tests: readonly WordTest[]): Promise<SearchPage> {
  const holds = ({ json }: SearchMatch) => tests.every((test) => test(json));
  const budget = { left: READ_MAX };
  const found = await collect(store, query, holds, query.limit, budget);
  const matches = query.before === undefined ? found.slice(0, query.limit) : found.slice(Math.max(0, found.length - query.limit));
  const page = { matches: query.limit === 0 ? [] : matches, more: found.length > query.limit };
  if (query.total === 'none') return page;
  const { after: _after, before: _before, ...all } = query;
  return { ...page, total: (await collect(store, all, holds, Number.POSITIVE_INFINITY, { left: READ_MAX })).length };
}

/** The first matches (the last, paging backwards) in the order of the query: one more than `limit` where there are more. */
async function collect(
  store: ResourceStore,
  query: SearchQuery,
  holds: (match: SearchMatch) => boolean,
  limit: number,
  budget: { left: number },
): Promise<readonly SearchMatch[]> {
  const backwards = query.before !== undefined;
  let found: readonly SearchMatch[] = [];
  let place: CursorPosition | undefined = query.before ?? query.after;
  for (;;) {
    const { after: _after, before: _before, ...rest } = query;
    const from = place === undefined ? {} : backwards ? { before: place } : { after: place };
    const page: SearchPage = await store.search({ ...rest, ...from, limit: PAGE, total: 'none' });
    budget.left -= page.matches.length;
    const held = page.matches.filter(holds);
    found = backwards ? [...held, ...found] : [...found, ...held];
    place = (backwards ? page.matches[0] : page.matches.at(-1))?.position;
    if (!page.more || place === undefined || found.length > limit) return found;
    if (budget.left <= 0) throw tooCostly(`Words are sought in ${READ_MAX} resources at most: narrow the search by other parameters`);
    // Other requests have their turn between the pages.
    await setImmediate();
  }
}
