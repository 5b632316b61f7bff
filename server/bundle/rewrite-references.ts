/**
 * Rewrites links inside a resource: Reference.reference, elements of type uri, url, oid and uuid, and the links and
 * images of the narrative. Canonicals and plain strings are left as they are, and so is a URI that is the canonical URL of
 * a definition, or that leads to what keeps its id: it is a name, which would be lost.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#trules
 */
import type { Definitions, TypeInfo } from '../definitions/definitions.ts';
import { isObject, type Resource } from '../fhir/resource.ts';

/** The new text of a link, or undefined to leave it. */
export type Rewrite = (link: string) => string | undefined;

/** What may be a name or a link; of type url, it is where something lies, as an attachment. */
const URI_TYPES = new Set(['uri', 'oid', 'uuid']);

/**
 * A copy of the resource with its links rewritten; the same object when there was nothing to rewrite. `canonicals` are URLs
 * that are names wherever they stand as a URI.
 */
export function rewriteLinks(
  resource: Resource,
  definitions: Definitions,
  rewrite: Rewrite,
  canonicals: ReadonlySet<string> = new Set(),
): Resource {
  const rewriteUri: Rewrite = (uri) => {
    const next = canonicals.has(uri) ? undefined : rewrite(uri);
    return next === undefined || uri.endsWith(`/${next}`) ? undefined : next;
  };
  return rewriteElements(resource, definitions.type(resource.resourceType), { definitions, rewrite, rewriteUri });
}

/** The same for the links and images of narratives only. */
export function rewriteNarratives(resource: Resource, definitions: Definitions, rewrite: Rewrite): Resource {
  return rewriteElements(resource, definitions.type(resource.resourceType), { definitions, rewrite });
}

interface Rewriting {
  readonly definitions: Definitions;
  readonly rewrite: Rewrite;
  /** Left out: narratives only. */
  readonly rewriteUri?: Rewrite;
}

/** What a member of a type may hold: a link, a URI that may be a name as well, a narrative, or elements of a type by its name. */
type Member = 'link' | 'uri' | 'narrative' | { readonly type: string };

/** The members that were met, by type: looked up for every value that a transaction brings. */
const members = new WeakMap<TypeInfo, Map<string, Member>>();

/** Undefined for a name that the type does not have. */
function memberOf(type: TypeInfo, name: string): Member | undefined {
  let ofType = members.get(type);
  if (ofType === undefined) {
    ofType = new Map();
    members.set(type, ofType);
  }
  const known = ofType.get(name);
  if (known !== undefined) return known;
  const property = type.property(name);
  if (property === undefined) return undefined;
  const member = kindOf(type, name, property.type) ?? { type: property.element.childrenIn ?? property.type };
  ofType.set(name, member);
  return member;
}

function kindOf(holder: TypeInfo, name: string, type: string): 'link' | 'uri' | 'narrative' | undefined {
  if (type === 'url' || (holder.name === 'Reference' && name === 'reference')) return 'link';
  if (holder.name === 'Narrative' && name === 'div') return 'narrative';
  return URI_TYPES.has(type) ? 'uri' : undefined;
}

function rewriteElements<T extends Record<string, unknown>>(value: T, type: TypeInfo | undefined, rewriting: Rewriting): T {
  if (type === undefined) return value;
  let copy: Record<string, unknown> | undefined;
  for (const name in value) {
    const child: unknown = value[name];
    if (typeof child !== 'string' && (typeof child !== 'object' || child === null)) continue;
    const member = memberOf(type, name);
    if (member === undefined) continue;
    const next = Array.isArray(child) ? rewriteItems(child, member, rewriting) : rewriteValue(child, member, rewriting);
    if (next === child) continue;
    copy ??= { ...value };
    copy[name] = next;
  }
  return (copy ?? value) as T;
}

/** The same array when nothing in it was rewritten. */
function rewriteItems(items: readonly unknown[], member: Member, rewriting: Rewriting): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let place = 0; place < items.length; place += 1) {
    const next = rewriteValue(items[place], member, rewriting);
    if (next === items[place]) continue;
    copy ??= items.slice();
    copy[place] = next;
  }
  return copy ?? items;
}

function rewriteValue(item: unknown, member: Member, rewriting: Rewriting): unknown {
  if (typeof item === 'string') {
    if (member === 'link') return rewriting.rewriteUri === undefined ? item : (rewriting.rewrite(item) ?? item);
    if (member === 'uri') return rewriting.rewriteUri?.(item) ?? item;
    return member === 'narrative' ? rewriteNarrative(item, rewriting.rewrite) : item;
  }
  if (!isObject(item)) return item;
  const declared = typeof member === 'string' ? undefined : member.type;
  const name = typeof item.resourceType === 'string' ? item.resourceType : declared;
  return name === undefined ? item : rewriteElements(item, rewriting.definitions.type(name), rewriting);
}

/** A tag of a link or image up to the value of its `href` or `src`; other attributes may hold any character. */
const LINK = /(<(?:a|img)(?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*?\s+(?:href|src)\s*=\s*)(["'])(.*?)\2/gs;

function rewriteNarrative(div: string, rewrite: Rewrite): string {
  return div.replace(LINK, (whole, before: string, quote: string, link: string) => {
    const next = rewrite(link);
    return next === undefined ? whole : `${before}${quote}${next}${quote}`;
  });
}
