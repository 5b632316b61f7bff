/**
 * Follows canonical URLs: chains, `_has` and includes go from a response to its questionnaire, and from a plan to the
 * pathway it came from, as they do along other references. Without a version, every version held here is led to.
 *
 * Spec: https://hl7.org/fhir/R4/references.html#canonical · https://hl7.org/fhir/R4/search.html#include
 */
import { type FhirError, tooCostly } from '../fhir/errors.ts';
import type { Resource, ResourceKey } from '../fhir/resource.ts';
import { type Canonical, canonicalLinks, canonicalsIn, haveUrl, isDefinition, namesOneOf } from '../search/canonical.ts';
import type { FollowsReferences } from '../search/include.ts';
import type { Clause } from '../search/query.ts';
import type { Referred } from '../store/resource-store.ts';
import type { FhirContext } from './context.ts';

/** Definitions that one step of a search goes through. */
const DEFINITIONS_MAX = 150;
/** Resources read for the definitions that they name. */
const NAMING_MAX = 1_000;
/** Definitions asked for at once. */
const TOGETHER = 100;

interface Definition extends ResourceKey, Canonical {}

/**
 * The chain, or the same through canonical URLs. The definitions are found first.
 * @throws FhirError 403 `too-costly` when they are more than can be gone through.
 */
export async function orByCanonical(ctx: FhirContext, chain: Extract<Clause, { op: 'chain' }>): Promise<Clause> {
  const found = await fewDefinitions(ctx, chain.types, chain.where);
  return found.length === 0 ? chain : { op: 'or', clauses: [chain, namesOneOf(chain.param, found)] };
}

/**
 * The reverse chain, or the same through canonical URLs of `type`. Of few definitions each is asked for who names it; else
 * those who name some are read.
 * @throws FhirError 403 `too-costly` when both are more than can be gone through.
 */
export async function orNamedByCanonical(ctx: FhirContext, has: Extract<Clause, { op: 'referencedBy' }>, type: string): Promise<Clause> {
  const all = await definitions(ctx, [type], { op: 'all' }, DEFINITIONS_MAX + 1);
  const ids = all.length > DEFINITIONS_MAX ? await idsNamed(ctx, has, type) : await idsOfNamed(ctx, has, all);
  if (ids.length === 0) return has;
  return { op: 'or', clauses: [has, both({ op: 'type', types: [type] }, { op: 'id', ids })] };
}

async function idsOfNamed(
  ctx: FhirContext,
  { type, param, where }: Extract<Clause, { op: 'referencedBy' }>,
  all: readonly Definition[],
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const definition of all) {
    const naming = both(namesOneOf(param, [definition]), where);
    const { matches } = await ctx.store.search({ types: [type], where: naming, sort: [], limit: 1, total: 'none' });
    if (matches.length > 0) ids.push(definition.id);
  }
  return ids;
}

async function idsNamed(
  ctx: FhirContext,
  { type, param, where }: Extract<Clause, { op: 'referencedBy' }>,
  target: string,
): Promise<readonly string[]> {
  const naming = both(where, { op: 'missing', param, missing: false });
  const { matches } = await ctx.store.search({ types: [type], where: naming, sort: [], limit: NAMING_MAX + 1, total: 'none' });
  if (matches.length > NAMING_MAX) throw tooMany(`${NAMING_MAX} resources that name definitions`);
  const links = matches.flatMap(({ json }) => linksFrom(ctx, JSON.parse(json) as Resource, (code) => code === param));
  return (await definitionsNamed(ctx, links, target)).map(({ id }) => id);
}

/** The store as includes ask it, following canonical URLs as well. */
export function followingCanonicals(ctx: FhirContext): FollowsReferences<Referred> {
  const { store } = ctx;
  return {
    async referencesFrom(sources, params, targetType) {
      const direct = await store.referencesFrom(sources, params, targetType);
      const isAsked = (code: string) => params === undefined || params.includes(code);
      const types = [...new Set(sources.map(({ type }) => type))].filter((type) => [...linksOf(ctx, type).keys()].some(isAsked));
      if (types.length === 0) return direct;
      const naming = sources.filter(({ type }) => types.includes(type));
      const links = (await resourcesAt(ctx, naming)).flatMap((resource) => linksFrom(ctx, resource, isAsked));
      return withoutRepeats([...direct, ...(await definitionsNamed(ctx, links, targetType))]);
    },
    async referencesTo(targets, type, param, limit) {
      const direct = await store.referencesTo(targets, type, param, limit);
      const known = targets.filter((target) => isDefinition(ctx.searchRegistry, target.type));
      const types = (type === undefined ? ctx.definitions.resourceTypes : [type]).filter((each) => linksOf(ctx, each).size > 0);
      if (known.length === 0 || types.length === 0) return direct;
      const described = (await resourcesAt(ctx, known)).flatMap((resource) => {
        const canonical = canonicalOf(resource);
        return canonical === undefined ? [] : [{ canonical, type: resource.resourceType }];
      });
      const found: ResourceKey[] = [...direct];
      for (const from of types) {
        for (const [code, leadsTo] of linksOf(ctx, from)) {
          const named = param === undefined || param === code ? described.filter((each) => leadsTo.has(each.type)) : [];
          for (const some of inParts(named)) {
            const where = namesOneOf(
              code,
              some.map(({ canonical }) => canonical),
            );
            const { matches } = await store.search({ types: [from], where, sort: [], limit, total: 'none' });
            found.push(...matches.map(keyOf));
          }
        }
      }
      return withoutRepeats(found).slice(0, limit);
    },
  };
}

function linksOf(ctx: FhirContext, type: string): ReadonlyMap<string, ReadonlySet<string>> {
  return canonicalLinks(ctx.definitions, ctx.searchRegistry, type);
}

/** A definition that is named, and the types that may be meant. */
interface Link {
  readonly canonical: Canonical;
  readonly leadsTo: ReadonlySet<string>;
}

function linksFrom(ctx: FhirContext, resource: Resource, isAsked: (code: string) => boolean): readonly Link[] {
  const entries = ctx.index(resource);
  const asked = [...linksOf(ctx, resource.resourceType)].filter(([code]) => isAsked(code));
  return asked.flatMap(([code, leadsTo]) => canonicalsIn(entries, code).map((canonical) => ({ canonical, leadsTo })));
}

async function definitionsNamed(ctx: FhirContext, links: readonly Link[], type: string | undefined): Promise<readonly ResourceKey[]> {
  const types = [...new Set(links.flatMap(({ leadsTo }) => [...leadsTo]))].filter((each) => type === undefined || each === type);
  const urls = [...new Set(links.map(({ canonical }) => canonical.url))];
  const found: Definition[] = [];
  for (const some of inParts(urls)) found.push(...(await definitions(ctx, types, haveUrl(some), ctx.limits.includedMax + 1)));
  const isNamed = (definition: Definition) =>
    links.some(({ canonical: { url, version }, leadsTo }) => {
      return leadsTo.has(definition.type) && url === definition.url && (version === undefined || version === definition.version);
    });
  return found.filter(isNamed).map(keyOf);
}

async function fewDefinitions(ctx: FhirContext, types: readonly string[], where: Clause): Promise<readonly Definition[]> {
  const found = await definitions(ctx, types, where, DEFINITIONS_MAX + 1);
  if (found.length > DEFINITIONS_MAX) throw tooMany(`${DEFINITIONS_MAX} definitions`);
  return found;
}

function tooMany(what: string): FhirError {
  return tooCostly(`The search leads through more than ${what}; say more of which are meant`);
}

async function definitions(ctx: FhirContext, types: readonly string[], where: Clause, limit: number): Promise<readonly Definition[]> {
  const defined = types.filter((type) => isDefinition(ctx.searchRegistry, type));
  if (defined.length === 0) return [];
  const withUrl = both(where, { op: 'missing', param: 'url', missing: false });
  const { matches } = await ctx.store.search({ types: defined, where: withUrl, sort: [], limit, total: 'none' });
  return matches.flatMap(({ type, id, json }) => {
    const canonical = canonicalOf(JSON.parse(json) as Resource);
    return canonical === undefined ? [] : { type, id, ...canonical };
  });
}

async function resourcesAt(ctx: FhirContext, keys: readonly ResourceKey[]): Promise<readonly Resource[]> {
  const versions = await ctx.store.readMany(keys);
  return versions.flatMap(({ json }) => (json === null ? [] : (JSON.parse(json) as Resource)));
}

/** How a definition is named; undefined for one without a URL. */
function canonicalOf({ url, version }: Resource): Canonical | undefined {
  if (typeof url !== 'string') return undefined;
  return typeof version === 'string' ? { url, version } : { url };
}

function inParts<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / TOGETHER) }, (_, part) => items.slice(part * TOGETHER, (part + 1) * TOGETHER));
}

function both(a: Clause, b: Clause): Clause {
  return { op: 'and', clauses: [a, b] };
}

function keyOf({ type, id }: ResourceKey): ResourceKey {
  return { type, id };
}

function withoutRepeats<Key extends ResourceKey>(keys: readonly Key[]): readonly Key[] {
  const byName = new Map<string, Key>();
  for (const key of keys) if (!byName.has(`${key.type}/${key.id}`)) byName.set(`${key.type}/${key.id}`, key);
  return [...byName.values()];
}
