/**
 * What links between entries mean once it is known under which id each entry's resource is kept.
 *
 * Spec: https://hl7.org/fhir/R4/bundle.html#references · https://hl7.org/fhir/R4/http.html#transaction
 */
import { parseReference } from '../fhir/reference.ts';
import type { ResourceKey } from '../fhir/resource.ts';

export interface PlacedEntry {
  readonly fullUrl?: string;
  /** The resource as it was sent; its id may be the one that other entries use for it. */
  readonly sentId?: string;
  readonly target: ResourceKey;
}

/** From a link as written in the Bundle to `Type/id` on this server. */
export interface LinkMap {
  /** The new text for a link, or undefined when it names no entry. A version or a fragment after it is kept. */
  rewrite(link: string): string | undefined;
}

/** The links that name entries: their fullUrl, or `Type/id` as sent for an entry that got another id. */
export function linkMap(entries: readonly PlacedEntry[]): LinkMap {
  const targets = new Map<string, string>();
  for (const { target, sentId, fullUrl } of entries) {
    const place = `${target.type}/${target.id}`;
    // A relative link means the entry with that very id before one that was only sent with it.
    if (sentId !== undefined && !targets.has(`${target.type}/${sentId}`)) targets.set(`${target.type}/${sentId}`, place);
    if (fullUrl === undefined) continue;
    targets.set(fullUrl, place);
    const named = parseReference(fullUrl);
    if (named.kind === 'absolute') targets.set(`${named.type}/${named.id}`, place);
  }
  for (const { target } of entries) targets.set(`${target.type}/${target.id}`, `${target.type}/${target.id}`);
  return {
    rewrite(link) {
      const direct = targets.get(link);
      if (direct !== undefined) return direct;
      const [whole = '', fragment] = link.split('#', 2);
      const reference = parseReference(whole);
      if (fragment === undefined && (reference.kind === 'local' || reference.kind === 'absolute') && reference.versionId !== undefined) {
        return targets.get(whole.slice(0, whole.lastIndexOf('/_history/')));
      }
      const target = fragment === undefined || whole === '' ? undefined : targets.get(whole);
      return target === undefined ? undefined : `${target}#${fragment}`;
    },
  };
}
