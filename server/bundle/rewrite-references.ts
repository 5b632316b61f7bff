/**
 * Rewrites links inside a resource: Reference.reference, elements of type uri, url, oid and uuid, and the links and
 * images of the narrative. Canonicals and plain strings are left as they are.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#trules
 */
import type { Definitions, TypeInfo } from '../definitions/definitions.ts';
import { isObject, type Resource } from '../fhir/resource.ts';

/** The new text of a link, or undefined to leave it. */
export type Rewrite = (link: string) => string | undefined;

const LINK_TYPES = new Set(['uri', 'url', 'oid', 'uuid']);

/** A copy of the resource with its links rewritten; the same object when there was nothing to rewrite. */
export function rewriteLinks(resource: Resource, definitions: Definitions, rewrite: Rewrite): Resource {
  return rewriteElements(resource, definitions.type(resource.resourceType), { definitions, rewrite, narrativesOnly: false });
}

/** The same for the links and images of narratives only. */
export function rewriteNarratives(resource: Resource, definitions: Definitions, rewrite: Rewrite): Resource {
  return rewriteElements(resource, definitions.type(resource.resourceType), { definitions, rewrite, narrativesOnly: true });
}

interface Rewriting {
  readonly definitions: Definitions;
  readonly rewrite: Rewrite;
  readonly narrativesOnly: boolean;
}

function rewriteElements<T extends Record<string, unknown>>(value: T, type: TypeInfo | undefined, rewriting: Rewriting): T {
  if (type === undefined) return value;
  const { definitions, rewrite, narrativesOnly } = rewriting;
  let copy: Record<string, unknown> | undefined;
  for (const [name, child] of Object.entries(value)) {
    const property = type.property(name);
    if (property === undefined) continue;
    const isLink = !narrativesOnly && (LINK_TYPES.has(property.type) || (type.name === 'Reference' && name === 'reference'));
    const visit = (item: unknown): unknown => {
      if (typeof item === 'string') {
        if (isLink) return rewrite(item) ?? item;
        return type.name === 'Narrative' && name === 'div' ? rewriteNarrative(item, rewrite) : item;
      }
      if (!isObject(item)) return item;
      const childType = typeOf(item, property.element.childrenIn ?? property.type, definitions);
      return rewriteElements(item, childType, rewriting);
    };
    const next = Array.isArray(child) ? visitArray(child, visit) : visit(child);
    if (next === child) continue;
    copy ??= { ...value };
    copy[name] = next;
  }
  return (copy ?? value) as T;
}

function visitArray(items: readonly unknown[], visit: (item: unknown) => unknown): readonly unknown[] {
  const visited = items.map(visit);
  return visited.some((item, place) => item !== items[place]) ? visited : items;
}

function typeOf(item: Record<string, unknown>, declared: string, definitions: Definitions): TypeInfo | undefined {
  return definitions.type(typeof item.resourceType === 'string' ? item.resourceType : declared);
}

/** A tag of a link or image up to the value of its `href` or `src`; other attributes may hold any character. */
const LINK = /(<(?:a|img)(?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*?\s+(?:href|src)\s*=\s*)(["'])(.*?)\2/gs;

function rewriteNarrative(div: string, rewrite: Rewrite): string {
  return div.replace(LINK, (whole, before: string, quote: string, link: string) => {
    const next = rewrite(link);
    return next === undefined ? whole : `${before}${quote}${next}${quote}`;
  });
}
