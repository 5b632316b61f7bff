/**
 * Links by urn in the narratives of a transaction. A narrative that is kept has none, so the validator refuses them; and
 * content is checked before it is known where a link will lead. Until then another link stands for the entry.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#trules
 */
import type { Definitions } from '../definitions/definitions.ts';
import { isObject } from '../fhir/resource.ts';
import type { BundleEntry } from './check.ts';
import { rewriteNarratives } from './rewrite-references.ts';

/** What stands for the entry at `place` in narratives. */
export const markOf = (place: number): string => `entry-of-this-transaction/${place}`;

/** The entries, the links by urn to one of them in their narratives marked. */
export function markNarratives(entries: readonly BundleEntry[], definitions: Definitions): readonly BundleEntry[] {
  const marks = new Map(entries.flatMap(({ fullUrl, place }) => (fullUrl?.startsWith('urn:') ? [[fullUrl, markOf(place)] as const] : [])));
  if (marks.size === 0) return entries;
  const mark = (link: string): string | undefined => {
    const [urn = '', fragment] = link.split('#', 2);
    const found = marks.get(urn);
    return found === undefined || fragment === undefined ? found : `${found}#${fragment}`;
  };
  return entries.map((entry) => {
    const { resource } = entry;
    return resource === undefined || !hasUrn(resource) ? entry : { ...entry, resource: rewriteNarratives(resource, definitions, mark) };
  });
}

/** Narratives are few, and nearly all of them without a urn. */
function hasUrn(value: Record<string, unknown>): boolean {
  for (const child of Object.values(value)) {
    for (const item of Array.isArray(child) ? child : [child]) {
      if (!isObject(item)) continue;
      if (typeof item.div === 'string' ? /=\s*["']urn:/.test(item.div) : hasUrn(item)) return true;
    }
  }
  return false;
}
