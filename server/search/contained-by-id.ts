/**
 * The resources that one contains, by their id within it.
 *
 * Spec: https://hl7.org/fhir/R4/references.html#contained
 */
import { isResource, type Resource } from '../fhir/resource.ts';

const known = new WeakMap<readonly unknown[], ReadonlyMap<string, Resource>>();

/** Contained resources by their id; of several with the same id, the first. A list is looked through once: it must not be changed afterwards. */
export function containedById(contained: unknown): ReadonlyMap<string, Resource> {
  if (!Array.isArray(contained)) return new Map();
  const found =
    known.get(contained) ??
    new Map(
      contained
        .filter(hasId)
        .map((each) => [each.id, each] as const)
        .reverse(),
    );
  known.set(contained, found);
  return found;
}

function hasId(node: unknown): node is Resource & { readonly id: string } {
  return isResource(node) && typeof node.id === 'string';
}
