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

type Property = NonNullable<ReturnType<TypeInfo['property']>>;

interface Rewriting {
  readonly definitions: Definitions;
  readonly rewrite: Rewrite;
  readonly narrativesOnly: boolean;
}

function rewriteElements<T extends Record<string, unknown>>(value: T, type: TypeInfo | undefined, rewriting: Rewriting): T {
  if (type === undefined) return value;
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(value)) {
    const child = value[name];
    if (typeof child !== 'string' && typeof child !== 'object') continue;
    const property = type.property(name);
    if (property === undefined) continue;
    const next = Array.isArray(child)
      ? rewriteItems(child, name, property, type, rewriting)
      : rewriteValue(child, name, property, type, rewriting);
    if (next === child) continue;
    copy ??= { ...value };
    copy[name] = next;
  }
  return (copy ?? value) as T;
}

/** The same array when nothing in it was rewritten. */
function rewriteItems(
  items: readonly unknown[],
  name: string,
  property: Property,
  type: TypeInfo,
  rewriting: Rewriting,
): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let place = 0; place < items.length; place += 1) {
    const next = rewriteValue(items[place], name, property, type, rewriting);
    if (next === items[place]) continue;
    copy ??= items.slice();
    copy[place] = next;
  }
  return copy ?? items;
}

function rewriteValue(item: unknown, name: string, property: Property, type: TypeInfo, rewriting: Rewriting): unknown {
  const { definitions, rewrite, narrativesOnly } = rewriting;
  if (typeof item === 'string') {
    const isLink = !narrativesOnly && (LINK_TYPES.has(property.type) || (type.name === 'Reference' && name === 'reference'));
    if (isLink) return rewrite(item) ?? item;
    return type.name === 'Narrative' && name === 'div' ? rewriteNarrative(item, rewrite) : item;
  }
  if (!isObject(item)) return item;
  return rewriteElements(item, typeOf(item, property.element.childrenIn ?? property.type, definitions), rewriting);
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
