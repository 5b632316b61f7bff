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
  /** What stands for the entry in narratives until its id is known. */
  readonly mark?: string;
  readonly target: ResourceKey;
  /** The version that is current afterwards. */
  readonly versionId: number;
}

/** From a link as written in the Bundle to `Type/id` on this server. */
export interface LinkMap {
  /**
   * The new text for a link, or undefined when it names no entry. A fragment after it is kept. A link to a version stays one:
   * to the version that is written, or to the one it names where the entry keeps its id.
   */
  rewrite(link: string): string | undefined;
}

interface Target {
  readonly place: string;
  readonly versionId: number;
}

/** The links that name entries: their fullUrl, or `Type/id` as sent for an entry that got another id. */
export function linkMap(entries: readonly PlacedEntry[]): LinkMap {
  const targets = new Map<string, Target>();
  for (const { target, sentId, fullUrl, mark, versionId } of entries) {
    const place = { place: `${target.type}/${target.id}`, versionId };
    if (mark !== undefined) targets.set(mark, place);
    // A relative link means the entry with that very id before one that was only sent with it.
    if (sentId !== undefined && !targets.has(`${target.type}/${sentId}`)) targets.set(`${target.type}/${sentId}`, place);
    if (fullUrl === undefined) continue;
    targets.set(fullUrl, place);
    const named = parseReference(fullUrl);
    if (named.kind === 'absolute') targets.set(`${named.type}/${named.id}`, place);
  }
  for (const { target, versionId } of entries) {
    const place = `${target.type}/${target.id}`;
    targets.set(place, { place, versionId });
  }
  return {
    rewrite(link) {
      const direct = targets.get(link);
      if (direct !== undefined) return direct.place;
      const [whole = '', fragment] = link.split('#', 2);
      const reference = parseReference(whole);
      if (fragment === undefined && (reference.kind === 'local' || reference.kind === 'absolute') && reference.versionId !== undefined) {
        const versioned = targets.get(whole.slice(0, whole.lastIndexOf('/_history/')));
        if (versioned === undefined || versioned.place === `${reference.type}/${reference.id}`) return undefined;
        return `${versioned.place}/_history/${versioned.versionId}`;
      }
      const target = fragment === undefined || whole === '' ? undefined : targets.get(whole);
      return target === undefined ? undefined : `${target.place}#${fragment}`;
    },
  };
}
