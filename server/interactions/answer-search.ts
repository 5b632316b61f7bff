/**
 * Runs a search and answers with a page of it: matches within what the caller reaches, what is included, links.
 *
 * Spec: https://hl7.org/fhir/R4/search.html · https://hl7.org/fhir/R4/http.html#paging
 */
import { terminologyOfSearch } from '../operations/terminology/searched-terminology.ts';
import type { IncludeDirective } from '../search/include.ts';
import { narrowing } from '../search/narrow.ts';
import { pageLinks } from '../search/page-links.ts';
import { parseSearch } from '../search/parse.ts';
import { holdsPersonalNumber } from '../search/personal-number.ts';
import type { Clause, SearchQuery } from '../search/query.ts';
import { searchsetParts, searchsetText } from '../search/searchset.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import { settledClause } from '../store/settled-time.ts';
import { amongContained, takenOut } from './contained-search.ts';
import type { AllowedRequest, FhirContext, FhirRequest, FhirResponse } from './context.ts';
import { readIncluded, togetherCurrent } from './included.ts';
import { pageState } from './page-state.ts';
import { both, EVERYTHING, throughReach } from './reach.ts';
import { searchWords } from './search-words.ts';

/** What is searched, besides what the parameters say. */
export interface Scope {
  /** The path of the page links, below the base. */
  readonly path: readonly string[];
  /** Empty: any type, or those that `_type` names. */
  readonly types: readonly string[];
  /** Only resources for which this holds are there; asked with the types searched (empty for any). */
  readonly within: (types: readonly string[]) => Promise<Clause>;
  /** Parameters of the asker's own, no search parameters, which narrow further: what they say, from their values by name. */
  readonly own?: { readonly names: readonly string[]; readonly within: (values: ReadonlyMap<string, string>) => Clause };
  /** True where `_contained` may ask for what resources contain, wherever that is. */
  readonly takesContained?: true;
  /** Included whatever the parameters say, by the types searched (empty for any). */
  readonly includes?: (types: readonly string[]) => readonly IncludeDirective[];
}

const PAGE_BYTES_MAX = 64 * 1024 * 1024;

/**
 * A page of no more than were asked for, and of fewer where they are very large.
 * @throws FhirError as parseSearch and openPage say.
 */
export async function answerSearch(ctx: FhirContext, request: AllowedRequest, scope: Scope): Promise<FhirResponse> {
  const { pageBytesMax: bytesMax = PAGE_BYTES_MAX } = ctx.limits;
  const asked = pageState(ctx, request, scope.path);
  const { handling } = asked;
  const isOwn = ([name]: readonly [string, string]) => scope.own?.names.includes(name) === true;
  const parameters = asked.parameters.filter((parameter) => !isOwn(parameter));
  const own = asked.parameters.filter(isOwn);
  const terminology = await terminologyOfSearch(ctx, parameters);
  const env = { ...ctx, nowMs: () => asked.nowMs, ...(terminology === undefined ? {} : { terminology }) };
  const takesContained = scope.takesContained === true;
  const searched = { parameters, types: scope.types, handling, takesWords: true, leavesOutEmpty: true, takesContained };
  const { query, words, includes, contained, summary, elements, issues, used } = parseSearch(searched, env);
  const narrow = narrowing(ctx.definitions, summary, elements);
  const ofOwn = scope.own?.within(new Map(own)) ?? EVERYTHING;
  // Before it is looked up who is reached: that is to be known of all that is settled.
  const isSettled = [query.where, ofOwn].some((clause) => asksWhatChanged(clause));
  const state = isSettled ? { ...asked, settledMs: asked.settledMs ?? (await ctx.store.settled()) } : asked;
  const reached = both(await throughReach(ctx, query.where), await scope.within(query.types));
  const among = both(reached, ofOwn);
  const where = state.settledMs === undefined ? among : both(among, settledClause(state.settledMs));
  const whole: SearchQuery = {
    ...(contained === undefined ? { ...query, where } : await amongContained(ctx, query, contained, where)),
    bytesMax,
    ...(narrow === undefined && words.length === 0 ? { entriesBelow: ctx.baseUrl } : {}),
    ...(state.total === undefined ? {} : { total: 'none' }),
    ...(state.after === undefined ? {} : { after: state.after }),
    ...(state.before === undefined ? {} : { before: state.before }),
  };
  const directives = [...includes, ...(scope.includes?.(query.types) ?? [])];
  const find = async (store: ResourceStore) => {
    const page = words.length === 0 ? await store.search(whole) : await searchWords(store, whole, words);
    // Texts that nobody asks for are not made.
    const matches = contained?.as === 'contained' ? page.matches.map(takenOut()) : page.matches;
    const room = directives.length === 0 ? 0 : bytesMax - sizeOf(page.entries ?? matches.map(({ json }) => json));
    return { page, matches, included: await readIncluded({ ...ctx, store }, directives, page.matches, room) };
  };
  const { page, matches, included } = await (directives.length === 0 ? find(ctx.store) : togetherCurrent(ctx.store, find));
  ctx.trail?.saw([...page.matches, ...included.found]);
  const total = state.total ?? page.total;
  const counted = { ...state, ...(total === undefined ? {} : { total }) };
  const links = pageLinks({
    baseUrl: ctx.baseUrl,
    key: ctx.pageTokenKey,
    state: counted,
    ...(mayBeShown(request, used) ? { shown: [...used, ...own] } : {}),
    matches: page.matches,
    more: query.limit > 0 && page.more,
  });
  const set = {
    baseUrl: ctx.baseUrl,
    matches,
    included: included.found,
    ...(total === undefined ? {} : { total }),
    links,
    issues: [...issues, ...included.issues],
    narrow,
    // The list of elements is for the matches.
    narrowIncluded: elements === undefined ? narrow : undefined,
  };
  return { status: 200, body: page.entries === undefined ? { text: searchsetText(set) } : searchsetParts(set, page.entries) };
}

/** True for who may ask again for what has changed since the latest of what is told now: for what is later than a time. */
function asksWhatChanged(clause: Clause, isNegated = false): boolean {
  switch (clause.op) {
    case 'and':
    case 'or':
      return clause.clauses.some((each) => asksWhatChanged(each, isNegated));
    case 'not':
      return asksWhatChanged(clause.clause, !isNegated);
    case 'lastUpdated':
      return clause.test.anyOf.flat().some(({ is }) => is.startsWith(isNegated ? '<' : '>'));
    default:
      return false;
  }
}

/** A search by POST, or (in a Bundle entry) one for a national identity number, is not repeated in a link. */
function mayBeShown({ method }: FhirRequest, used: FhirRequest['query']): boolean {
  return method !== 'POST' && !used.some(([, value]) => holdsPersonalNumber(value));
}

/** In bytes. */
function sizeOf(texts: readonly (string | Uint8Array)[]): number {
  let size = 0;
  for (const text of texts) size += typeof text === 'string' ? Buffer.byteLength(text) : text.length;
  return size;
}
