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
  const page = await firstHeld(store, query, holds);
  if (query.total === 'none') return page;
  const { after: _after, before: _before, ...all } = query;
  let total = 0;
  for await (const held of heldIn(store, all, holds)) total += held.length;
  return { ...page, total };
}

/** The first matches (the last, paging backwards) in the order of the query, as many as were asked for and fit. */
async function firstHeld(store: ResourceStore, query: SearchQuery, holds: (match: SearchMatch) => boolean): Promise<SearchPage> {
  const { limit, bytesMax = Number.POSITIVE_INFINITY } = query;
  const backwards = query.before !== undefined;
  const matches: SearchMatch[] = [];
  let bytes = 0;
  for await (const held of heldIn(store, query, holds)) {
    for (const match of backwards ? held.toReversed() : held) {
      bytes += Buffer.byteLength(match.json);
      const isFull = matches.length >= limit || (bytes > bytesMax && matches.length > 0);
      if (isFull) return { matches: backwards ? matches.reverse() : matches, more: true };
      matches.push(match);
    }
  }
  return { matches: backwards ? matches.reverse() : matches, more: false };
}

/** The matches that hold, of one page after the other (the page before, paging backwards). */
async function* heldIn(
  store: ResourceStore,
  query: SearchQuery,
  holds: (match: SearchMatch) => boolean,
): AsyncIterable<readonly SearchMatch[]> {
  const { after, before, ...rest } = query;
  const backwards = before !== undefined;
  let place: CursorPosition | undefined = before ?? after;
  for (let read = 0; ; ) {
    const from = place === undefined ? {} : backwards ? { before: place } : { after: place };
    const page: SearchPage = await store.search({ ...rest, ...from, limit: PAGE, total: 'none' });
    read += page.matches.length;
    yield page.matches.filter(holds);
    place = (backwards ? page.matches[0] : page.matches.at(-1))?.position;
    if (!page.more || place === undefined) return;
    if (read >= READ_MAX) throw tooCostly(`Words are sought in ${READ_MAX} resources at most: narrow the search by other parameters`);
    // Other requests have their turn between the pages.
    await setImmediate();
  }
}
