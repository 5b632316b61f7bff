/**
 * Canonical URLs as links: which parameters hold them, what a resource names by one, and the clause for who names it.
 *
 * Spec: https://hl7.org/fhir/R4/references.html#canonical · https://hl7.org/fhir/R4/search.html#versions
 */
import type { Definitions, SearchParameterInfo } from '../definitions/definitions.ts';
import type { IndexEntry } from './index-entry.ts';
import { leafTypes } from './leaf-types.ts';
import type { Clause } from './query.ts';
import { referenceTargets } from './reference-targets.ts';
import type { SearchRegistry } from './registry.ts';

/** A definition as it is named: without a version, any version is meant. */
export interface Canonical {
  readonly url: string;
  readonly version?: string;
}

const URLS = ['canonical', 'uri', 'url'];

/** True for a reference parameter that looks at canonical URLs of `type`. */
export function holdsCanonicals(definitions: Definitions, parameter: SearchParameterInfo, type: string): boolean {
  if (parameter.type !== 'reference') return false;
  const leaves = leafTypes(definitions, parameter, type);
  return URLS.some((url) => leaves.has(url));
}

const linksByType = new WeakMap<SearchRegistry, Map<string, ReadonlyMap<string, ReadonlySet<string>>>>();

/** The parameters of `type` that look at canonical URLs, each with the types of definitions it may lead to. */
export function canonicalLinks(definitions: Definitions, registry: SearchRegistry, type: string): ReadonlyMap<string, ReadonlySet<string>> {
  const byType = linksByType.get(registry) ?? new Map<string, ReadonlyMap<string, ReadonlySet<string>>>();
  linksByType.set(registry, byType);
  const targets = (parameter: SearchParameterInfo) =>
    new Set(referenceTargets(definitions, parameter, type).filter((target) => isDefinition(registry, target)));
  const parameters = () => registry.forType(type).filter((parameter) => holdsCanonicals(definitions, parameter, type));
  const links = byType.get(type) ?? new Map(parameters().map((parameter) => [parameter.code, targets(parameter)]));
  byType.set(type, links);
  return links;
}

/** True for types whose resources have a canonical URL of their own. */
export function isDefinition(registry: SearchRegistry, type: string): boolean {
  return registry.get(type, 'url')?.type === 'uri';
}

/** What the entries of a resource name by `code`, without repeats. Next to a version of it, the bare URL says no more. */
export function canonicalsIn(entries: readonly IndexEntry[], code: string): readonly Canonical[] {
  const urls = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === 'reference' && entry.param === code && entry.url !== null && !entry.url.startsWith('#')) urls.add(entry.url);
  }
  const named = [...urls].map(canonicalOf);
  const versioned = new Set(named.flatMap(({ url, version }) => (version === undefined ? [] : [url])));
  return named.filter(({ url, version }) => version !== undefined || !versioned.has(url));
}

function canonicalOf(text: string): Canonical {
  const [name = ''] = text.split('#');
  const bar = name.indexOf('|');
  return bar === -1 ? { url: name } : { url: name.slice(0, bar), version: name.slice(bar + 1) };
}

/** The definitions, of any version, with one of these URLs. */
export function haveUrl(urls: readonly string[]): Clause {
  return { op: 'or', clauses: urls.map((value) => ({ op: 'match', param: 'url', test: { kind: 'uri', mode: 'exact', value } })) };
}

/** The resources that name one of these definitions by `code`: in its version, or in none. */
export function namesOneOf(code: string, definitions: readonly Canonical[]): Clause {
  const isNamed = (url: string): Clause => ({ op: 'match', param: code, test: { kind: 'reference', url } });
  const versions = definitions.flatMap(({ url, version }) => (version === undefined ? [] : isNamed(`${url}|${version}`)));
  const urls = [...new Set(definitions.map(({ url }) => url))];
  const isVersioned = (url: string): Clause => ({ op: 'match', param: code, test: { kind: 'reference', versionOf: url } });
  // What names a version is indexed by the bare URL as well.
  const bare = urls.map((url): Clause => ({ op: 'and', clauses: [isNamed(url), { op: 'not', clause: isVersioned(url) }] }));
  return { op: 'or', clauses: [...versions, ...bare] };
}
