/**
 * What a resource contains, as resources that can be looked at, each with the one that contains it.
 *
 * Spec: https://hl7.org/fhir/R4/references.html#contained
 */
import type { Held } from './population.ts';

const known = new WeakMap<Held, ReadonlyMap<string, Held>>();
const containers = new WeakMap<Held, Held>();

/** The resource that contains this one; undefined for one by itself. */
export const containerOf = (resource: Held): Held | undefined => containers.get(resource);

/** What a resource by itself contains, by id; each time the same objects. A reference to a sibling can be resolved in each. */
export function containedIn(resource: Held): ReadonlyMap<string, Held> {
  const made = known.get(resource);
  if (made !== undefined) return made;
  const contained = (resource.contained ?? []) as readonly Held[];
  const found = new Map(contained.map((each) => [each.id, { ...each, contained }]));
  for (const each of found.values()) containers.set(each, resource);
  known.set(resource, found);
  return found;
}
