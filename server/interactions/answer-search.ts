/**
 * Runs a search and answers with a page of it: matches within what the caller reaches, what is included, links.
 *
 * Spec: https://hl7.org/fhir/R4/search.html · https://hl7.org/fhir/R4/http.html#paging
 */
import type { Issue } from '../fhir/outcome.ts';
import { terminologyOfSearch } from '../operations/terminology/searched-terminology.ts';
import { findIncluded, type IncludeDirective, ROUNDS_MAX } from '../search/include.ts';
import { namedVersions } from '../search/named-versions.ts';
import { narrowing } from '../search/narrow.ts';
import { pageLinks } from '../search/page-links.ts';
import { parseSearch } from '../search/parse.ts';
import { holdsPersonalNumber } from '../search/personal-number.ts';
import type { Clause, SearchQuery } from '../search/query.ts';
import { type Found, searchsetParts, searchsetText } from '../search/searchset.ts';
import type { Referred, SearchMatch, StoredVersion } from '../store/resource-store.ts';
import { followingCanonicals } from './canonical-links.ts';
import { amongContained, takenOut } from './contained-search.ts';
import type { AllowedRequest, FhirContext, FhirRequest, FhirResponse } from './context.ts';
import { pageState } from './page-state.ts';
import { both, EVERYTHING, throughReach } from './reach.ts';
import { searchWords } from './search-words.ts';
import { reachedKeys } from './visibility.ts';

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

/** @throws FhirError as parseSearch and openPage say. */
export async function answerSearch(ctx: FhirContext, request: AllowedRequest, scope: Scope): Promise<FhirResponse> {
  const state = pageState(ctx, request, scope.path);
  const { handling } = state;
  const isOwn = ([name]: readonly [string, string]) => scope.own?.names.includes(name) === true;
  const parameters = state.parameters.filter((parameter) => !isOwn(parameter));
  const own = state.parameters.filter(isOwn);
  const terminology = await terminologyOfSearch(ctx, parameters);
  const env = { ...ctx, nowMs: () => state.nowMs, ...(terminology === undefined ? {} : { terminology }) };
  const takesContained = scope.takesContained === true;
  const asked = { parameters, types: scope.types, handling, takesWords: true, leavesOutEmpty: true, takesContained };
  const { query, words, includes, contained, summary, elements, issues, used } = parseSearch(asked, env);
  const narrow = narrowing(ctx.definitions, summary, elements);
  const reached = both(await throughReach(ctx, query.where), await scope.within(query.types));
  const where = both(reached, scope.own?.within(new Map(own)) ?? EVERYTHING);
  const whole: SearchQuery = {
    ...(contained === undefined ? { ...query, where } : await amongContained(ctx, query, contained, where)),
    ...(narrow === undefined && words.length === 0 ? { entriesBelow: ctx.baseUrl } : {}),
    ...(state.total === undefined ? {} : { total: 'none' }),
    ...(state.after === undefined ? {} : { after: state.after }),
    ...(state.before === undefined ? {} : { before: state.before }),
  };
  const page = words.length === 0 ? await ctx.store.search(whole) : await searchWords(ctx.store, whole, words);
  const directives = [...includes, ...(scope.includes?.(query.types) ?? [])];
  const included = await readIncluded(ctx, directives, page.matches);
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
    // Texts that nobody asks for are not made.
    matches: contained?.as === 'contained' ? page.matches.map(takenOut()) : page.matches,
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

/** A search by POST, or (in a Bundle entry) one for a national identity number, is not repeated in a link. */
function mayBeShown({ method }: FhirRequest, used: FhirRequest['query']): boolean {
  return method !== 'POST' && !used.some(([, value]) => holdsPersonalNumber(value));
}

interface Included {
  readonly found: readonly Found[];
  readonly issues: readonly Issue[];
}

async function readIncluded(ctx: FhirContext, directives: readonly IncludeDirective[], matches: readonly SearchMatch[]): Promise<Included> {
  if (directives.length === 0 || matches.length === 0) return { found: [], issues: [] };
  const reached = (referred: readonly Referred[]) => reachedKeys(ctx, referred);
  const { keys, complete } = await findIncluded(followingCanonicals(ctx), directives, matches, ctx.limits.includedMax, reached);
  const versions = await asReferred(ctx, matches, await withTexts(ctx, keys));
  const found = versions.filter((version): version is StoredVersion & Found => version.json !== null);
  return { found, issues: complete ? [] : [cutShort(ctx.limits.includedMax)] };
}

/** The versions, those that came without their texts read now. */
async function withTexts(ctx: FhirContext, referred: readonly Referred[]): Promise<readonly StoredVersion[]> {
  const isRead = (each: Referred): each is StoredVersion => 'json' in each;
  if (referred.every(isRead)) return referred;
  const read = await ctx.store.readMany(referred.filter((each) => !isRead(each)));
  const byName = new Map(read.map((version) => [`${version.type}/${version.id}`, version]));
  return referred.flatMap((each) => (isRead(each) ? each : (byName.get(`${each.type}/${each.id}`) ?? [])));
}

/** What is included in the versions that the matches refer to. */
async function asReferred(
  ctx: FhirContext,
  matches: readonly SearchMatch[],
  included: readonly StoredVersion[],
): Promise<readonly StoredVersion[]> {
  const named = namedVersions(
    matches.map((match) => match.ascii ?? match.json),
    ctx.baseUrl,
  );
  if (named.size === 0) return included;
  const asked = included.map(async (current): Promise<readonly StoredVersion[]> => {
    const { type, id, versionId } = current;
    const names = named.get(`${type}/${id}`);
    if (names === undefined) return [current];
    const past = [...names.versions].filter((version) => version !== versionId);
    const read = await Promise.all(past.map((version) => ctx.store.readVersion(type, id, version)));
    const known = read.filter((version) => version !== undefined && version.json !== null) as StoredVersion[];
    // A version that is not kept is stood for by the current one.
    const showsCurrent = names.current || names.versions.has(versionId) || known.length < past.length;
    return showsCurrent ? [current, ...known] : known;
  });
  return (await Promise.all(asked)).flat();
}

function cutShort(max: number): Issue {
  const diagnostics = `More than ${max} resources would be included, or some more than ${ROUNDS_MAX} steps away; the others were left out`;
  return { severity: 'warning', code: 'incomplete', diagnostics, expression: ['_include'] };
}
