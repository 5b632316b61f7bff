/**
 * What the first entry of a document or message can be found by: its Composition or MessageHeader, and the entries that
 * leads to, are searched by chains as contained resources are.
 *
 * Spec: https://hl7.org/fhir/R4/bundle.html#search
 */
import { ExactDecimal } from '../fhir/json.ts';
import { isObject, isResource, objectsIn, type Resource } from '../fhir/resource.ts';
import { withLedTo } from './index-contained.ts';
import type { IndexEntry } from './index-entry.ts';

/** The parameter that gives access to the first entry, and what that is, by the type of Bundle. */
const FIRST: Readonly<Record<string, { readonly param: string; readonly type: string }>> = {
  document: { param: 'composition', type: 'Composition' },
  message: { param: 'message', type: 'MessageHeader' },
};

/** Where an entry is looked for among the others: no id of a contained resource has a space. */
const placeOf = (at: number): string => ` ${at}`;

/**
 * The entries of a Bundle, and of what its first entry leads to by the `fullUrl` of others. `index` gives the entries of
 * one resource, and looks at nothing that it holds.
 */
export function indexBundle(bundle: Resource, index: (resource: Resource) => IndexEntry[]): IndexEntry[] {
  const entries = index(bundle);
  const first = FIRST[String(bundle.type)];
  const held = objectsIn(bundle.entry);
  const head = held[0]?.resource;
  if (first === undefined || !isResource(head) || head.resourceType !== first.type) return entries;
  const places = new Map<unknown, string>();
  for (const [at, { fullUrl }] of held.entries()) {
    if (typeof fullUrl === 'string' && !places.has(fullUrl)) places.set(fullUrl, `#${placeOf(at)}`);
  }
  const inside = held.flatMap(({ resource }, at) => {
    return isResource(resource) ? { ...(withPlaces(resource, places) as Resource), id: placeOf(at) } : [];
  });
  entries.push({ kind: 'reference', param: first.param, type: null, id: null, url: `#${placeOf(0)}` });
  return withLedTo(entries, inside, bundle, index);
}

/** Nothing that can be found lies deeper. */
const DEPTH_MAX = 100;

/** A copy in which references to a `fullUrl` name the place of that entry. */
function withPlaces(value: unknown, places: ReadonlyMap<unknown, string>, depth = 0): unknown {
  if (depth > DEPTH_MAX || value instanceof ExactDecimal) return value;
  if (Array.isArray(value)) return value.map((each) => withPlaces(each, places, depth + 1));
  if (!isObject(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value)) {
    copy[name] = (name === 'reference' ? places.get(each) : undefined) ?? withPlaces(each, places, depth + 1);
  }
  return copy;
}
