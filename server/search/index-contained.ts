/**
 * What contained resources can be found by: first those that references of the container lead to, directly or from one to
 * the next, then the others. Each is gone into once, so that none that points back at another goes round.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#contained · https://hl7.org/fhir/R4/references.html#contained
 */
import { ID_PATTERN, type Resource } from '../fhir/resource.ts';
import { containedById } from './contained-by-id.ts';
import { CONTAINED, CONTAINED_MAX, type IndexEntry, LOCAL_ID } from './index-entry.ts';
import { CONTAINER } from './types/reference.ts';

/**
 * The entries of a resource and of what it contains, its references saying which of these they lead to. No more than
 * CONTAINED_MAX are gone into. `index` gives the entries of one resource, and looks at nothing that it contains.
 */
export function indexWithContained(resource: Resource, index: (resource: Resource) => IndexEntry[]): IndexEntry[] {
  // A list of our own: the resource may be changed later.
  const contained = Array.isArray(resource.contained) ? [...resource.contained] : [];
  return withInner(index({ ...resource, contained }), contained, resource, index, 'all');
}

/** The entries of a resource, changed to say where in `inner` they lead, and those of what they lead to there. The list must not be changed later. */
export function withLedTo(
  entries: IndexEntry[],
  inner: readonly unknown[],
  resource: Resource,
  index: (resource: Resource) => IndexEntry[],
): IndexEntry[] {
  return withInner(entries, inner, resource, index, 'ledTo');
}

/** Of `all` that is contained its own id is an entry: by that it is told from what a Bundle holds, and found where it has no other. */
function withInner(
  entries: IndexEntry[],
  contained: readonly unknown[],
  resource: Resource,
  index: (resource: Resource) => IndexEntry[],
  which: 'ledTo' | 'all',
): IndexEntry[] {
  const byId = containedById(contained);
  const numbers = new Map<string, number>();
  lead(entries, byId, numbers);
  let gone = 0;
  // Those that are met on the way are added to the numbers, and come last.
  const goInto = (): void => {
    for (const [id, number] of numbers) {
      if (number <= gone) continue;
      gone = number;
      const inner = byId.get(id) as Resource;
      const innerEntries = index({ ...inner, contained }).map((entry) => toContainer(entry, resource));
      lead(innerEntries, byId, numbers);
      if (which === 'all' && ID_PATTERN.test(id)) innerEntries.push({ kind: 'token', param: LOCAL_ID, system: null, code: id });
      entries.push({ kind: 'contained', param: CONTAINED, number, type: inner.resourceType, entries: innerEntries });
    }
  };
  goInto();
  if (which === 'ledTo') return entries;
  for (const id of byId.keys()) numberOf(id, numbers);
  goInto();
  return entries;
}

/** The number of a contained resource, given now if it has none; undefined beyond CONTAINED_MAX. */
function numberOf(id: string, numbers: Map<string, number>): number | undefined {
  if (!numbers.has(id) && numbers.size < CONTAINED_MAX) numbers.set(id, numbers.size + 1);
  return numbers.get(id);
}

/** Says of references that lead to a contained resource to which one, which gets a number if it has none. */
function lead(entries: IndexEntry[], byId: ReadonlyMap<string, Resource>, numbers: Map<string, number>): void {
  for (const [place, entry] of entries.entries()) {
    if (entry.kind !== 'reference' || entry.url?.startsWith('#') !== true) continue;
    const id = entry.url.slice(1);
    const target = byId.get(id);
    const number = target === undefined ? undefined : numberOf(id, numbers);
    if (target !== undefined && number !== undefined) entries[place] = { ...entry, inside: { number, type: target.resourceType } };
  }
}

/** What a contained resource says of the one that contains it is a reference like others. */
function toContainer(entry: IndexEntry, { resourceType, id }: Resource): IndexEntry {
  if (entry.kind !== 'reference' || entry.url !== CONTAINER || typeof id !== 'string') return entry;
  return { ...entry, type: resourceType, id, url: null };
}
