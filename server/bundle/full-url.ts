/**
 * What links between entries mean once it is known under which id each entry's resource is kept.
 *
 * Spec: https://hl7.org/fhir/R4/bundle.html#references · https://hl7.org/fhir/R4/http.html#transaction
 */
import { badRequest } from '../fhir/errors.ts';
import { parseReference } from '../fhir/reference.ts';
import type { ResourceKey } from '../fhir/resource.ts';
import type { Rewrite } from './rewrite-references.ts';

export interface PlacedEntry {
  readonly fullUrl?: string;
  /** The resource as it was sent; its id may be the one that other entries use for it. */
  readonly sentId?: string;
  /** The canonical URL of the resource, where it has one: a name, whatever it is equal to. */
  readonly canonical?: string;
  /** What stands for the entry in narratives until its id is known. */
  readonly mark?: string;
  readonly target: ResourceKey;
  /** The version that is current afterwards; asked only where a link to a version leads to the entry. */
  readonly versionId: () => number;
}

/** From links as written in the Bundle to `Type/id` on this server. */
export interface LinkMap {
  /**
   * What rewrites the links of an entry: the new text for a link, or undefined when it names no entry. A relative link is
   * read from `fullUrl`, that of the entry it stands in. A fragment after it is kept. A link to a version stays one: to the
   * version that is written, or to the one it names where the entry keeps its id.
   * @throws (the rewriting) FhirError 400 `invalid` for a relative link that may mean entries from several servers.
   */
  from(fullUrl?: string): Rewrite;
  /** The canonical URLs of the entries. */
  readonly canonicals: ReadonlySet<string>;
}

interface Target {
  readonly place: string;
  readonly versionId: () => number;
}

/** The links that name entries: their fullUrl, or `Type/id` as sent for an entry that got another id. */
export function linkMap(entries: readonly PlacedEntry[]): LinkMap {
  const targets = new Map<string, Target>();
  const bySentId = new Map<string, Target>();
  /** By the end of their fullUrl: entries of several servers may have the same. */
  const byTail = new Map<string, Target[]>();
  /** The servers that fullUrls name. */
  const roots = new Map<string, string>();
  for (const { target, sentId, fullUrl, mark, versionId } of entries) {
    const place = { place: `${target.type}/${target.id}`, versionId };
    if (mark !== undefined) targets.set(mark, place);
    if (fullUrl !== undefined) targets.set(fullUrl, place);
    const named = fullUrl === undefined ? undefined : parseReference(fullUrl);
    if (fullUrl !== undefined && named?.kind === 'absolute') {
      roots.set(fullUrl, named.base);
      const tail = `${named.type}/${named.id}`;
      const others = byTail.get(tail);
      if (others === undefined) byTail.set(tail, [place]);
      else others.push(place);
    } else if (sentId !== undefined && !bySentId.has(`${target.type}/${sentId}`)) bySentId.set(`${target.type}/${sentId}`, place);
  }
  for (const { target, versionId } of entries) {
    const place = `${target.type}/${target.id}`;
    targets.set(place, { place, versionId });
  }
  const find = (link: string, root: string | undefined): Target | undefined => {
    const exact = (root === undefined ? undefined : targets.get(`${root}/${link}`)) ?? targets.get(link) ?? bySentId.get(link);
    if (exact !== undefined || root !== undefined) return exact;
    const [found, another] = byTail.get(link) ?? [];
    if (another !== undefined) throw badRequest(`The link ${link.slice(0, 100)} may mean more than one entry of the Bundle`);
    return found;
  };
  const read = (link: string, root: string | undefined): string | undefined => {
    const direct = find(link, root);
    if (direct !== undefined) return direct.place;
    if (link.includes('#')) {
      const [whole = '', fragment] = link.split('#', 2);
      const target = whole === '' ? undefined : find(whole, root);
      return target === undefined ? undefined : `${target.place}#${fragment}`;
    }
    const history = link.lastIndexOf('/_history/');
    const reference = history < 0 ? undefined : parseReference(link);
    if ((reference?.kind !== 'local' && reference?.kind !== 'absolute') || reference.versionId === undefined) return undefined;
    const versioned = find(link.slice(0, history), root);
    if (versioned === undefined || versioned.place === `${reference.type}/${reference.id}`) return undefined;
    return `${versioned.place}/_history/${versioned.versionId()}`;
  };
  // The same systems and persons are named by every entry.
  const known = new Map<string | undefined, Map<string, string | null>>();
  return {
    canonicals: new Set(entries.flatMap(({ canonical }) => canonical ?? [])),
    from(fullUrl) {
      const root = fullUrl === undefined ? undefined : (roots.get(fullUrl) ?? serverOf(fullUrl));
      const ofRoot = known.get(root) ?? new Map<string, string | null>();
      known.set(root, ofRoot);
      return (link) => {
        const before = ofRoot.get(link);
        if (before !== undefined) return before ?? undefined;
        const text = read(link, root);
        ofRoot.set(link, text ?? null);
        return text;
      };
    },
  };
}

/** The server that a fullUrl names; undefined for a urn. */
function serverOf(fullUrl: string): string | undefined {
  const named = parseReference(fullUrl);
  return named.kind === 'absolute' ? named.base : undefined;
}
