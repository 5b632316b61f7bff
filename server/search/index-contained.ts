/**
 * What contained resources can be found by, for chains: of those that references of the container lead to, directly or
 * from one to the next. Each is gone into once, so that none that points back at another goes round.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#contained · https://hl7.org/fhir/R4/references.html#contained
 */
import type { Resource } from '../fhir/resource.ts';
import { containedById } from './contained-by-id.ts';
import { CONTAINED, CONTAINED_MAX, type IndexEntry } from './index-entry.ts';
import { CONTAINER } from './types/reference.ts';

/**
 * The entries of a resource and of what it contains, its references saying which of these they lead to. No more than
 * CONTAINED_MAX are gone into. `index` gives the entries of one resource, and looks at nothing that it contains.
 */
export function indexWithContained(resource: Resource, index: (resource: Resource) => IndexEntry[]): IndexEntry[] {
  // A list of our own: the resource may be changed later.
  const contained = Array.isArray(resource.contained) ? [...resource.contained] : [];
  return withLedTo(index({ ...resource, contained }), contained, resource, index);
}

/** The entries of a resource, changed to say where in `contained` they lead, and those of what they lead to there. The list must not be changed later. */
export function withLedTo(
  entries: IndexEntry[],
  contained: readonly unknown[],
  resource: Resource,
  index: (resource: Resource) => IndexEntry[],
): IndexEntry[] {
  const byId = containedById(contained);
  const numbers = new Map<string, number>();
  lead(entries, byId, numbers);
  // Those that are met on the way are added to the numbers, and come last.
  for (const [id, number] of numbers) {
    const inner = byId.get(id) as Resource;
    const innerEntries = index({ ...inner, contained }).map((entry) => toContainer(entry, resource));
    lead(innerEntries, byId, numbers);
    entries.push({ kind: 'contained', param: CONTAINED, number, type: inner.resourceType, entries: innerEntries });
  }
  return entries;
}

/** Says of references that lead to a contained resource to which one, which gets a number if it has none. */
function lead(entries: IndexEntry[], byId: ReadonlyMap<string, Resource>, numbers: Map<string, number>): void {
  for (const [place, entry] of entries.entries()) {
    if (entry.kind !== 'reference' || entry.url?.startsWith('#') !== true) continue;
    const id = entry.url.slice(1);
    const target = byId.get(id);
    if (target === undefined) continue;
    if (!numbers.has(id) && numbers.size < CONTAINED_MAX) numbers.set(id, numbers.size + 1);
    const number = numbers.get(id);
    if (number !== undefined) entries[place] = { ...entry, inside: { number, type: target.resourceType } };
  }
}

/** What a contained resource says of the one that contains it is a reference like others. */
function toContainer(entry: IndexEntry, { resourceType, id }: Resource): IndexEntry {
  if (entry.kind !== 'reference' || entry.url !== CONTAINER || typeof id !== 'string') return entry;
  return { ...entry, type: resourceType, id, url: null };
}
