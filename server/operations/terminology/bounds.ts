/**
 * How much a value set of a client may ask for: compositions that would take out of all proportion long are refused
 * before they are tried.
 *
 * Spec: https://hl7.org/fhir/R4/valueset-operation-expand.html (too-costly)
 */
import { tooCostly } from '../../fhir/errors.ts';
import { isObject, objectsIn, type Resource } from '../../fhir/resource.ts';

/** Includes and excludes of one value set, and these times the codes that it lists. */
const PARTS_MAX = 1000;
const WORK_MAX = 20_000_000;
/** Ways from a value set to those it is made of, by way of others: each way is gone. */
const WAYS_MAX = 10_000;

/** The includes and excludes of a value set; none for other definitions. */
export function composedOf({ resourceType, compose }: Resource): readonly Record<string, unknown>[] {
  if (resourceType !== 'ValueSet' || !isObject(compose)) return [];
  return [...objectsIn(compose.include), ...objectsIn(compose.exclude)];
}

/** The value sets that one part names, repeats included. */
export function valueSetsIn({ valueSet }: Record<string, unknown>): readonly string[] {
  return Array.isArray(valueSet) ? valueSet.filter((each) => typeof each === 'string') : [];
}

/**
 * Passes when the first of the definitions, built on the others, can be answered for.
 * @throws FhirError 403 `too-costly`.
 */
export function refuseCostly(definitions: readonly Resource[]): void {
  for (const definition of definitions) {
    const parts = composedOf(definition);
    const codes = parts.reduce((sum, { concept }) => sum + (Array.isArray(concept) ? concept.length : 0), 0);
    if (parts.length > PARTS_MAX || parts.length * codes > WORK_MAX) throw tooCostly('The value set is composed of too many parts');
  }
  const byUrl = new Map(definitions.map((each) => [String(each.url), each]));
  const ways = new Map<string, number>();
  const waysFrom = (definition: Resource): number => {
    const url = String(definition.url);
    const known = ways.get(url);
    if (known !== undefined) return known;
    // Until it is known: a value set that is part of itself is not followed.
    ways.set(url, 0);
    const named = composedOf(definition).flatMap(valueSetsIn);
    const count = named.reduce((sum, canonical) => {
      const part = byUrl.get(canonical.split('|')[0] ?? '');
      return sum + (part === undefined ? 1 : waysFrom(part));
    }, 1);
    ways.set(url, count);
    return count;
  };
  const [root] = definitions;
  if (root !== undefined && waysFrom(root) > WAYS_MAX) throw tooCostly('The value set is made of too many others');
}
