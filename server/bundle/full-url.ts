/**
 * What links between entries mean once it is known under which id each entry's resource is kept.
 *
 * Spec: https://hl7.org/fhir/R4/bundle.html#references · https://hl7.org/fhir/R4/http.html#transaction
 */
import { badRequest } from '../fhir/errors.ts';
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
   * The new text for a link, or undefined when it names no entry. A relative link is read from `fullUrl`, that of the entry
   * it stands in. A fragment after it is kept. A link to a version stays one: to the version that is written, or to the one
   * it names where the entry keeps its id.
   * @throws FhirError 400 `invalid` for a relative link that may mean entries from several servers.
   */
  rewrite(link: string, fullUrl?: string): string | undefined;
}

interface Target {
  readonly place: string;
  readonly versionId: number;
}

/** The links that name entries: their fullUrl, or `Type/id` as sent for an entry that got another id. */
export function linkMap(entries: readonly PlacedEntry[]): LinkMap {
  const targets = new Map<string, Target>();
  const bySentId = new Map<string, Target>();
  /** By the end of their fullUrl: entries of several servers may have the same. */
  const byTail = new Map<string, Target[]>();
  for (const { target, sentId, fullUrl, mark, versionId } of entries) {
    const place = { place: `${target.type}/${target.id}`, versionId };
    if (mark !== undefined) targets.set(mark, place);
    if (fullUrl !== undefined) targets.set(fullUrl, place);
    const named = fullUrl === undefined ? undefined : parseReference(fullUrl);
    if (named?.kind === 'absolute') byTail.set(`${named.type}/${named.id}`, [...(byTail.get(`${named.type}/${named.id}`) ?? []), place]);
    else if (sentId !== undefined && !bySentId.has(`${target.type}/${sentId}`)) bySentId.set(`${target.type}/${sentId}`, place);
  }
  for (const { target, versionId } of entries) {
    const place = `${target.type}/${target.id}`;
    targets.set(place, { place, versionId });
  }
  const roots = new Map<string, string | undefined>();
  const rootOf = (fullUrl: string): string | undefined => {
    if (!roots.has(fullUrl)) roots.set(fullUrl, serverOf(fullUrl));
    return roots.get(fullUrl);
  };
  const find = (link: string, fullUrl: string | undefined): Target | undefined => {
    const root = fullUrl === undefined ? undefined : rootOf(fullUrl);
    const exact = (root === undefined ? undefined : targets.get(`${root}/${link}`)) ?? targets.get(link) ?? bySentId.get(link);
    if (exact !== undefined || root !== undefined) return exact;
    const [found, another] = byTail.get(link) ?? [];
    if (another !== undefined) throw badRequest(`The link ${link.slice(0, 100)} may mean more than one entry of the Bundle`);
    return found;
  };
  const read = (link: string, fullUrl: string | undefined): string | undefined => {
    const direct = find(link, fullUrl);
    if (direct !== undefined) return direct.place;
    const [whole = '', fragment] = link.split('#', 2);
    const reference = parseReference(whole);
    if (fragment === undefined && (reference.kind === 'local' || reference.kind === 'absolute') && reference.versionId !== undefined) {
      const versioned = find(whole.slice(0, whole.lastIndexOf('/_history/')), fullUrl);
      if (versioned === undefined || versioned.place === `${reference.type}/${reference.id}`) return undefined;
      return `${versioned.place}/_history/${versioned.versionId}`;
    }
    const target = fragment === undefined || whole === '' ? undefined : find(whole, fullUrl);
    return target === undefined ? undefined : `${target.place}#${fragment}`;
  };
  // The same systems and persons are named by every entry.
  const readOnce = new Map<string | undefined, Map<string, string | undefined>>();
  return {
    rewrite(link, fullUrl) {
      const root = fullUrl === undefined ? undefined : rootOf(fullUrl);
      const known = readOnce.get(root) ?? new Map<string, string | undefined>();
      readOnce.set(root, known);
      if (!known.has(link)) known.set(link, read(link, fullUrl));
      return known.get(link);
    },
  };
}

/** The server that a fullUrl names; undefined for a urn. */
function serverOf(fullUrl: string): string | undefined {
  const named = parseReference(fullUrl);
  return named.kind === 'absolute' ? named.base : undefined;
}
